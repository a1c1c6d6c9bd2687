"""A small Hugging Face Hub on loopback: a real HTTP server for the real `huggingface_hub` client, and a dataset viewer.

It plays what the client (2.4) asks of a Hub for dataset and model repositories: whose a key is; information, trees,
refs, path information and files at commits; private, gated, disabled, renamed and missing repositories; search; the
creation of repositories; commits with their preupload and LFS uploads; redirects of large files to a store at another
address; and two endpoints of the dataset viewer. One name is one repository, whatever kind it is asked for as. Its
answers were written by hand from the code of the client, from what it sends and reads: they are not recordings of the
real Hub, which may say more, or other things. Repositories live in memory.

Our own code names the address for every call, so that setting `HF_ENDPOINT` in the environment is enough, at any time::

    with HubServer() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setenv("SYNTHGYM_DATASET_VIEWER", hub.viewer_url)
        sha = hub.add("somebody/wine", {"wine.csv": b"a,b\\n1,2\\n"})

The client reads other variables when it is first imported: `tests/conftest.py` gives it a cache of its own (`HF_HOME`)
and turns its Xet protocol off (`HF_HUB_DISABLE_XET`), which this server does not speak.

It can be told to fail: `hub.fail(503, times=2)`, `hub.fail(429, retry_after=1)`, `hub.fail("hang")`, `hub.fail("cut")`,
`hub.fail("lost")`, `hub.fail("endless")`.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import secrets
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import pytest
from aiohttp import web

LARGE = (".png", ".parquet", ".gz", ".npy", ".npz", ".safetensors")
"""Files that a new repository keeps in large-file storage."""

_PAGE = 500
CONVERTED = "refs/convert/parquet"


@dataclass
class Request:
    """A request that came in. `key`: the bearer's key, if any was sent."""

    method: str
    path: str
    key: str | None


@dataclass
class _Failure:
    what: int | str
    times: int
    match: str
    retry_after: int | None


@dataclass
class _Repo:
    """A repository: commits are whole trees, refs name commits."""

    licence: str | None
    gated: bool = False
    private: bool = False
    disabled: bool = False
    downloads: int = 0
    description: str = ""
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    splits: list[dict[str, str]] = field(default_factory=list)
    features: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)


class HubServer:
    """A Hub on loopback, running in a thread while its context is open.

    Attributes:
        url: For `HF_ENDPOINT`.
        viewer_url: For `SYNTHGYM_DATASET_VIEWER`.
        key: The key that may write, and read private repositories.
        role: What is said of the key: ``write``, ``read``, ``fineGrained``.
        requests: What came in, in order.
        sizes: What the trees say of a file's size, by its path, where that is not what it has.
    """

    def __init__(self) -> None:
        self.key = f"hf_{secrets.token_hex(16)}"
        self.role = "write"
        self.requests: list[Request] = []
        self.sizes: dict[str, int] = {}
        self._repos: dict[str, _Repo] = {}
        self._salt = secrets.token_hex(8)  # a commit has another hash in each run: the client's cache outlives them
        self._moved: dict[str, str] = {}
        self._large: dict[str, bytes] = {}
        self._failures: list[_Failure] = []
        self._loop = asyncio.new_event_loop()
        self._sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self.url, self._store = (f"http://127.0.0.1:{each.getsockname()[1]}" for each in self._sockets)
        self.viewer_url = f"{self.url}/viewer"
        self._let_go = asyncio.Event()
        self._thread = threading.Thread(target=self._serve, name="hub-server", daemon=True)

    def __enter__(self) -> HubServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._let_go.set)
        self._thread.join(10)
        assert not self._thread.is_alive()

    # -- what a test says -------------------------------------------------------------------------------------------

    def add(
        self,
        repo_id: str,
        files: dict[str, bytes],
        *,
        licence: str | None = "mit",
        gated: bool = False,
        private: bool = False,
        disabled: bool = False,
        downloads: int = 0,
        description: str = "",
        converted: dict[str, bytes] | None = None,
        splits: list[dict[str, str]] | None = None,
        features: dict[str, str] | None = None,
        rows: list[dict[str, Any]] | None = None,
    ) -> str:
        """Makes a repository, or puts one more commit on the main branch of one that there is.

        Args:
            repo_id: ``user/name``.
            files: The whole tree of the commit.
            licence: As the card states it; None for none.
            gated: Everybody may know of it, nobody may have its files.
            private: Only who sends the key knows of it.
            disabled: Nobody gets anything.
            downloads: How often it was downloaded.
            description: The Hub's summary of it.
            converted: Files of the parquet conversion, on a ref of its own.
            splits: What the viewer says: mappings with ``config`` and ``split``; without, it knows nothing.
            features: The viewer's features: names and types.
            rows: The viewer's first rows.

        Returns:
            The commit's hash.
        """
        repo = self._repos.setdefault(repo_id, _Repo(licence))
        repo.licence, repo.gated, repo.private, repo.disabled = licence, gated, private, disabled
        repo.downloads, repo.description = downloads, description
        repo.splits, repo.features, repo.rows = splits or [], features or {}, rows or []
        sha = self._commit(repo_id, "main", files)
        if converted is not None:
            self._commit(repo_id, CONVERTED, converted)
        return sha

    def also_call(self, repo_id: str, revision: str) -> None:
        """Has the latest commit of a repository be known by another hash too, as another run noted it."""
        repo = self._repos[repo_id]
        repo.commits[revision] = repo.commits[repo.refs["main"]]

    def rename(self, old: str, new: str) -> None:
        """Renames a repository; its old name leads to the new one, as on the Hub."""
        self._repos[new] = self._repos.pop(old)
        self._moved[old] = new

    def files(self, repo_id: str, revision: str = "main") -> dict[str, bytes]:
        """The tree of a repository at a branch or commit."""
        repo = self._repos[repo_id]
        return dict(repo.commits[repo.refs.get(revision, revision)])

    def is_private(self, repo_id: str) -> bool:
        """Whether a repository is private."""
        return self._repos[repo_id].private

    def fail(self, what: int | str, times: int = 1000, match: str = "", retry_after: int | None = None) -> None:
        """Lets requests fail that come from now on.

        Args:
            what: A status, such as 503; ``"hang"`` never answers; ``"cut"`` closes the connection in
                mid-answer; ``"lost"`` does so too, after it did what was asked for; ``"endless"`` answers with blanks,
                250 MB of them.
            times: How many requests.
            match: Only those whose path holds this.
            retry_after: Seconds, for the header of that name.
        """
        self._failures.append(_Failure(what, times, match, retry_after))

    def heal(self) -> None:
        """Fails no more."""
        self._failures.clear()

    # -- the server ---------------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._run())
        self._loop.close()

    async def _run(self) -> None:
        app = web.Application(middlewares=[self._middleware], client_max_size=1 << 30)
        repo = r"{repo:[^/]+/[^/]+}"
        app.add_routes(
            [
                web.get("/api/datasets", self._search),
                *(
                    route
                    for kind in ("datasets", "models")
                    for route in (
                        web.get(f"/api/{kind}/{repo}", self._info),
                        web.get(f"/api/{kind}/{repo}/refs", self._refs),
                        web.get(f"/api/{kind}/{repo}/revision/{{revision}}", self._info),
                        web.get(f"/api/{kind}/{repo}/tree/{{revision}}", self._tree),
                        web.post(f"/api/{kind}/{repo}/paths-info/{{revision}}", self._paths_info),
                        web.post(f"/api/{kind}/{repo}/preupload/{{revision}}", self._preupload),
                        web.post(f"/api/{kind}/{repo}/commit/{{revision}}", self._take_commit),
                    )
                ),
                web.get("/api/whoami-v2", self._who),
                web.get(f"/{repo}/resolve/{{revision}}/{{path:.+}}", self._resolve),
                web.post("/api/repos/create", self._create),
                web.post("/api/validate-yaml", self._validate_yaml),
                web.get(f"/datasets/{repo}/resolve/{{revision}}/{{path:.+}}", self._resolve),  # HEAD comes with it
                web.post("/datasets/{user}/{name}.git/info/lfs/objects/batch", self._batch),
                web.post("/{user}/{name}.git/info/lfs/objects/batch", self._batch),
                web.get("/store/{oid}", self._from_store),
                web.put("/store/{oid}", self._to_store),
                web.get("/viewer/splits", self._viewer_splits),
                web.get("/viewer/first-rows", self._viewer_rows),
            ]
        )
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        for listening in self._sockets:
            await web.SockSite(runner, listening).start()
        await self._let_go.wait()
        await runner.cleanup()

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Any) -> web.StreamResponse:
        header = request.headers.get("Authorization", "")
        key = header.removeprefix("Bearer ") if header.startswith("Bearer ") else None
        self.requests.append(Request(request.method, unquote(request.path), key))
        for failure in self._failures:
            endless = failure.what == "endless" and request.method == "HEAD"  # whose answer has no body
            if failure.times > 0 and failure.match in unquote(request.path) and not endless:
                failure.times -= 1
                if failure.what == "lost":
                    await handler(request)
                return await self._failed(request, failure)
        response: web.StreamResponse = await handler(request)
        return response

    async def _failed(self, request: web.Request, failure: _Failure) -> web.StreamResponse:
        if failure.what == "hang":
            await self._let_go.wait()
            return web.Response(status=503)
        if failure.what == "endless":
            response = web.StreamResponse()
            await response.prepare(request)
            with contextlib.suppress(ConnectionError):
                for _ in range(250):
                    await response.write(b" " * (1 << 20))
            return response
        if failure.what in ("cut", "lost"):
            response = web.StreamResponse(headers={"Content-Length": "1000"})
            if request.method != "HEAD":  # whose answer has no middle
                await response.prepare(request)
                with contextlib.suppress(ConnectionError):
                    await response.write(b"[")
            if request.transport is not None:
                request.transport.abort()
            return response
        headers = {"Retry-After": str(failure.retry_after)} if failure.retry_after is not None else {}
        echoed = request.headers.get("Authorization", "")  # a server that tells what it was sent
        return web.json_response({"error": f"told to fail; {echoed}"}, status=int(failure.what), headers=headers)

    # -- repositories -------------------------------------------------------------------------------------------------

    def _commit(self, repo_id: str, ref: str, files: dict[str, bytes]) -> str:
        repo = self._repos[repo_id]
        digest = hashlib.sha1(f"{self._salt} {repo_id} {ref} {repo.refs.get(ref)}".encode())
        for path in sorted(files):
            digest.update(f"{path} {_oid(files[path])}\n".encode())
        sha = digest.hexdigest()
        repo.commits[sha] = dict(files)
        repo.refs[ref] = sha
        return sha

    def _repo(self, request: web.Request, content: bool = False) -> _Repo:
        """The repository that is asked for, if whoever asks may have it; else the answer that the Hub gives."""
        repo_id = request.match_info.get("repo") or f"{request.match_info['user']}/{request.match_info['name']}"
        if repo_id in self._moved:
            raise web.HTTPTemporaryRedirect(str(request.rel_url).replace(repo_id, self._moved[repo_id]))
        repo = self._repos.get(repo_id)
        if repo is None or (repo.private and not self._may(request)):
            raise _error(401 if not self._may(request) else 404, "RepoNotFound", "Repository not found")
        if repo.disabled:
            raise _error(403, "", "Access to this resource is disabled.")
        if content and repo.gated:
            raise _error(403, "GatedRepo", "Access to this dataset is restricted")
        return repo

    def _may(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.key}"

    def _must(self, request: web.Request) -> None:
        if not self._may(request):
            raise _error(401, "", "Invalid username or password.")

    def _sha(self, request: web.Request, repo: _Repo) -> str:
        revision = unquote(request.match_info.get("revision", "main"))
        sha = repo.refs.get(revision, revision)
        if sha not in repo.commits:
            raise _error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return sha

    async def _search(self, request: web.Request) -> web.Response:
        words = request.query.get("search", "").lower()
        limit = int(request.query.get("limit", "100"))
        found = [
            self._described(name, repo, repo.refs["main"])
            for name, repo in self._repos.items()
            if words in name.lower() and not repo.private
        ]
        found.sort(key=lambda each: -int(each["downloads"]))
        return web.json_response(found[:limit])

    async def _info(self, request: web.Request) -> web.Response:
        repo = self._repo(request)
        sha = self._sha(request, repo)
        name = next(name for name, each in self._repos.items() if each is repo)
        blobs = "blobs" in request.query
        siblings = [_sibling(path, data, blobs) for path, data in sorted(repo.commits[sha].items())]
        return web.json_response({**self._described(name, repo, sha), "siblings": siblings})

    def _described(self, name: str, repo: _Repo, sha: str) -> dict[str, Any]:
        return {
            "id": name,
            "sha": sha,
            "private": repo.private,
            "gated": "manual" if repo.gated else False,
            "disabled": repo.disabled,
            "downloads": repo.downloads,
            "description": repo.description,
            "tags": [f"license:{repo.licence}"] if repo.licence else [],
            "cardData": {"license": repo.licence} if repo.licence else {},
        }

    async def _refs(self, request: web.Request) -> web.Response:
        repo = self._repo(request)
        found = [{"name": ref.split("/")[-1], "ref": ref, "targetCommit": sha} for ref, sha in repo.refs.items()]
        return web.json_response(
            {
                "branches": [{**each, "ref": f"refs/heads/{each['ref']}"} for each in found if "/" not in each["ref"]],
                "converts": [each for each in found if each["ref"].startswith("refs/convert/")],
                "tags": [],
            }
        )

    async def _tree(self, request: web.Request) -> web.Response:
        repo = self._repo(request)
        files = sorted(repo.commits[self._sha(request, repo)].items())
        start = int(request.query.get("cursor", "0"))
        headers = {}
        if start + _PAGE < len(files):
            following = request.url.update_query(cursor=str(start + _PAGE))
            headers["Link"] = f'<{following}>; rel="next"'
        page = [_entry(*item) for item in files[start : start + _PAGE]]
        return web.json_response(
            [{**each, "size": self.sizes.get(each["path"], each["size"])} for each in page], headers=headers
        )

    async def _paths_info(self, request: web.Request) -> web.Response:
        repo = self._repo(request)
        files = repo.commits[self._sha(request, repo)]
        wanted = (await request.post()).getall("paths")
        return web.json_response([_entry(str(path), files[str(path)]) for path in wanted if str(path) in files])

    async def _resolve(self, request: web.Request) -> web.StreamResponse:
        repo = self._repo(request, content=True)
        sha = self._sha(request, repo)
        path = request.match_info["path"]
        data = repo.commits[sha].get(path)
        headers = {"X-Repo-Commit": sha}
        if data is None:
            raise _error(404, "EntryNotFound", "Entry not found", headers)
        if path.endswith(LARGE):
            oid = hashlib.sha256(data).hexdigest()
            self._large[oid] = data
            headers |= {"X-Linked-Etag": f'"{oid}"', "X-Linked-Size": str(len(data))}
            raise web.HTTPFound(f"{self._store}/store/{oid}?Signature=signed", headers=headers)
        return _ranged(request, data, {**headers, "ETag": f'"{_oid(data)}"'})

    # -- writing ------------------------------------------------------------------------------------------------------

    async def _who(self, request: web.Request) -> web.Response:
        self._must(request)
        access = {"accessToken": {"displayName": "test", "role": self.role}}
        return web.json_response({"type": "user", "name": "tester", "orgs": [{"name": "mine"}], "auth": access})

    async def _create(self, request: web.Request) -> web.Response:
        self._must(request)
        asked = await request.json()
        name = f"{asked.get('organization') or 'tester'}/{asked['name']}"
        kind = asked.get("type", "model")
        url = f"{self.url}/{_prefix(kind)}{name}"
        if name in self._repos:
            return web.json_response({"error": f"You already created this {kind} repo", "url": url}, status=409)
        private = asked.get("visibility") == "private" or bool(asked.get("private"))
        self._repos[name] = _Repo(None, private=private)
        self._commit(name, "main", {".gitattributes": b"*.png filter=lfs\n"})
        return web.json_response({"url": url, "name": name})

    async def _validate_yaml(self, request: web.Request) -> web.Response:
        import yaml

        content = (await request.json())["content"]
        parts = content.split("---\n")
        card = yaml.safe_load(parts[1]) if content.startswith("---\n") and len(parts) > 2 else None
        if not isinstance(card, dict):
            return web.json_response({"errors": [{"message": "no metadata"}], "warnings": []}, status=400)
        return web.json_response({"errors": [], "warnings": []})

    async def _preupload(self, request: web.Request) -> web.Response:
        self._must(request)
        repo = self._repo(request)
        files = repo.commits[self._sha(request, repo)]
        answers = []
        for item in (await request.json())["files"]:
            path = item["path"]
            large = path.endswith(LARGE)
            oid = None
            if path in files:
                oid = hashlib.sha256(files[path]).hexdigest() if large else _oid(files[path])
            answers.append(
                {"path": path, "uploadMode": "lfs" if large else "regular", "shouldIgnore": False, "oid": oid}
            )
        return web.json_response({"files": answers})

    async def _batch(self, request: web.Request) -> web.Response:
        self._must(request)
        self._repo(request)
        objects = []
        for item in (await request.json())["objects"]:
            action = {"upload": {"href": f"{self._store}/store/{item['oid']}", "header": {}}}
            objects.append({**item, "actions": action} if item["oid"] not in self._large else item)
        return web.json_response({"transfer": "basic", "objects": objects})

    async def _to_store(self, request: web.Request) -> web.Response:
        data = await request.read()
        if hashlib.sha256(data).hexdigest() != request.match_info["oid"]:
            return web.Response(status=400)
        self._large[request.match_info["oid"]] = data
        return web.Response()

    async def _from_store(self, request: web.Request) -> web.StreamResponse:
        return _ranged(request, self._large[request.match_info["oid"]], {})

    async def _take_commit(self, request: web.Request) -> web.Response:
        self._must(request)
        repo = self._repo(request)
        repo_id, branch = request.match_info["repo"], unquote(request.match_info["revision"])
        files = dict(repo.commits[repo.refs[branch]])
        for line in (await request.read()).splitlines():
            item = json.loads(line)
            kind, value = item["key"], item["value"]
            if kind == "header" and value.get("parentCommit", repo.refs[branch]) != repo.refs[branch]:
                raise _error(412, "", "A commit has happened since. Please refresh and try again.")
            if kind == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif kind == "lfsFile":
                files[value["path"]] = self._large[value["oid"]]
            elif kind == "deletedFile":
                del files[value["path"]]
        sha = self._commit(repo_id, branch, files)
        prefix = _prefix("dataset" if request.path.startswith("/api/datasets/") else "model")
        return web.json_response({"commitUrl": f"{self.url}/{prefix}{repo_id}/commit/{sha}", "commitOid": sha})

    # -- the dataset viewer -------------------------------------------------------------------------------------------

    def _viewed(self, request: web.Request) -> tuple[str, _Repo]:
        name = request.query["dataset"]
        repo = self._repos.get(name)
        if repo is None or not repo.splits:
            raise _error(404, "", "The dataset does not exist, or is not accessible.")
        return name, repo

    async def _viewer_splits(self, request: web.Request) -> web.Response:
        name, repo = self._viewed(request)
        body = {"splits": [{"dataset": name, **split} for split in repo.splits], "pending": [], "failed": []}
        return web.json_response(body, headers={"X-Revision": repo.refs["main"]})

    async def _viewer_rows(self, request: web.Request) -> web.Response:
        _, repo = self._viewed(request)
        features = [
            {"feature_idx": index, "name": name, "type": {"dtype": kind, "_type": "Value"}}
            for index, (name, kind) in enumerate(repo.features.items())
        ]
        rows = [{"row_idx": index, "row": row, "truncated_cells": []} for index, row in enumerate(repo.rows)]
        body = {"dataset": request.query["dataset"], "features": features, "rows": rows}
        return web.json_response(body, headers={"X-Revision": repo.refs["main"]})


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """A Hub that this process, and those it starts, take for the Hub."""
    from huggingface_hub import close_session

    close_session()  # the client keeps connections, and the time limit that it was given
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        monkeypatch.setenv("SYNTHGYM_DATASET_VIEWER", server.viewer_url)
        yield server


def _prefix(kind: str) -> str:
    """What stands before a repository's name in addresses."""
    return "" if kind == "model" else f"{kind}s/"


def _oid(data: bytes) -> str:
    """The name that git gives to a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def _entry(path: str, data: bytes) -> dict[str, Any]:
    """A file in a tree."""
    entry: dict[str, Any] = {"type": "file", "path": path, "size": len(data), "oid": _oid(data)}
    if path.endswith(LARGE):
        entry["lfs"] = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 130}
    return entry


def _sibling(path: str, data: bytes, blobs: bool) -> dict[str, Any]:
    return {"rfilename": path, **({"size": len(data), "blobId": _oid(data)} if blobs else {})}


def _ranged(request: web.Request, data: bytes, headers: dict[str, str]) -> web.Response:
    """The content, or the end of it where the client goes on with a download."""
    start = request.http_range.start or 0
    if start and start >= len(data):
        return web.Response(status=416)
    length = {} if data else {"Content-Length": "0"}  # which aiohttp leaves out
    return web.Response(body=data[start:], status=206 if start else 200, headers={**headers, **length})


def _error(status: int, code: str, text: str, headers: dict[str, str] | None = None) -> web.HTTPException:
    """An answer as the Hub refuses: the client reads the code and the text from headers."""
    refused: type[web.HTTPException] = type("Refused", (web.HTTPException,), {"status_code": status})
    told = {"X-Error-Message": text, **({"X-Error-Code": code} if code else {}), **(headers or {})}
    return refused(text=json.dumps({"error": text}), content_type="application/json", headers=told)
