"""Talking to the Hugging Face Hub: one way to call it, with time limits, retries, and errors told apart.

The address is `HF_ENDPOINT` and the key `HF_TOKEN` (or what `hf auth login` left), both read anew for every call. The
key stays inside the client: it is in no error, and nothing that answers can have it printed. What may pass (429, 5xx,
time-outs, lost connections) is tried again, waiting as long as the Hub asks; after that it is a `HubError`. What the
Hub refuses for good is a `HubRefused`, which says what to do.
"""

from __future__ import annotations

import itertools
import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast
from urllib.parse import quote, urlencode, urlsplit

from synthgym.base.errors import HubError, HubRefused
from synthgym.base.http_bodies import EndlessAnswer, bound
from synthgym.base.json_reading import kind_of, parse_json

if TYPE_CHECKING:  # it takes a second to import: only who needs the Hub pays
    from huggingface_hub import HfApi

Result = TypeVar("Result")

ATTEMPTS = 5
LONGEST_WAIT = 300.0
"""Seconds; the Hub counts requests in windows of five minutes, and asks to wait for the end of one."""

MOST_ANSWERED = 64 << 20
"""Bytes of an answer that is no file."""

MOST_LISTED = 100_000
"""Files of a repository that are listed; one that has more is not looked at."""

_LONGEST_ANSWER = 300.0
"""Seconds."""

_FIRST_WAIT = 0.5
_PASSING = (408, 429, 500, 502, 503, 504)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_NAME = re.compile(r"(\w[\w.-]*/)?\w[\w.-]*", re.ASCII)


class _Passing(Exception):
    """A failure that may pass; `wait` is how long the Hub asked to wait, in seconds."""

    def __init__(self, what: str, wait: float | None = None) -> None:
        super().__init__(what)
        self.wait = wait


def is_commit(revision: str | None) -> bool:
    """Whether a revision is a whole commit hash: the only kind that never moves."""
    return revision is not None and _COMMIT.fullmatch(revision) is not None


def check_name(repo_id: str) -> None:
    """Refuses what is no repository's name before it becomes part of an address or of a path.

    Raises:
        HubRefused: It is none.
    """
    if len(repo_id) > 200 or "--" in repo_id or ".." in repo_id or not _NAME.fullmatch(repo_id):
        raise HubRefused("name", f"{repo_id!r}: not the name of a repository; expected 'user/name'")


def hub_api() -> HfApi:
    """A client for the Hub that `HF_ENDPOINT` names now; `huggingface_hub` itself reads it at import only."""
    from huggingface_hub import HfApi

    return HfApi(endpoint=os.environ.get("HF_ENDPOINT", "").rstrip("/") or None, library_name="synthgym")


def call_hub(
    what: str,
    repo_id: str,
    request: Callable[[HfApi], Result],
    seconds: float | None = None,
    file_bytes: int = 0,
) -> Result:
    """Calls the Hub, more than once if need be.

    Args:
        what: What is wanted, for errors: ``"data/train.csv"``, ``"its files"``.
        repo_id: The repository it is about.
        request: Does the call; everything in it may happen again.
        seconds: Without a byte from the Hub after which the call has failed; by default what the environment variable
            `HF_HUB_DOWNLOAD_TIMEOUT` says, else 30.
        file_bytes: Size of the file that is downloaded, if one is: more of it is not taken.

    Raises:
        HubRefused: It will not be given: missing, gated, private, disabled, no right.
        HubError: The Hub failed, and went on failing.
    """
    import tenacity

    check_name(repo_id)
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(_worth_a_wait),
        stop=tenacity.stop_after_attempt(ATTEMPTS),
        wait=_wait,
        reraise=True,
    )
    try:
        return cast(Result, retrying(_attempt, what, repo_id, request, seconds, file_bytes))
    except _Passing as error:
        raise HubError(f"{repo_id}: {what}: the Hub at {_endpoint()} failed: {error}; try again later") from None


def resolve_revision(repo_id: str, revision: str | None) -> str:
    """The commit that a branch or tag of a dataset repository stands for now.

    Raises:
        HubRefused: There is no such repository or revision.
        HubError: The Hub failed.
    """
    check_name(repo_id)
    if revision is not None and is_commit(revision):
        return revision
    info = call_hub(
        f"revision {revision or 'main'!r}", repo_id, lambda api: api.dataset_info(repo_id, revision=revision)
    )
    if not is_commit(info.sha):
        raise HubError(f"{repo_id}: the Hub at {_endpoint()} named no commit for {revision or 'main'!r}")
    return str(info.sha)


@dataclass(frozen=True)
class HubFile:
    """A file in a repository. `size`: in bytes, as the Hub states it."""

    path: str
    size: int


def list_files(repo_id: str, revision: str, kind: Literal["dataset", "model"] = "dataset") -> list[HubFile]:
    """All files of a repository at a commit, in the Hub's order.

    Raises:
        HubRefused: There is no such repository or revision, or there are more than `MOST_LISTED` files.
        HubError: The Hub failed.
    """

    def listed(api: HfApi) -> list[HubFile]:
        entries = _pages(api, f"{kind}s/{quote(repo_id)}/tree/{quote(revision, safe='')}", {"recursive": "true"})
        files = (HubFile(str(each["path"]), int(each["size"])) for each in entries if each["type"] == "file")
        return list(itertools.islice(files, MOST_LISTED + 1))

    found = call_hub("its files", repo_id, listed)
    if len(found) > MOST_LISTED:
        raise HubRefused("too large", f"{repo_id}: has more than {MOST_LISTED:,} files; use another repository")
    return found


def search_datasets(words: str, limit: int) -> list[dict[str, Any]]:
    """Datasets as the Hub's search describes them, those that are downloaded most first.

    Raises:
        HubRefused: The Hub refuses.
        HubError: The Hub failed.
    """
    query = {"search": words, "sort": "downloads", "direction": "-1", "limit": str(limit), "full": "true"}
    return call_hub(
        f"search for {words!r}", "datasets", lambda api: list(itertools.islice(_pages(api, "datasets", query), limit))
    )


def _pages(api: HfApi, path: str, query: dict[str, str]) -> Iterator[dict[str, Any]]:
    """A list that the Hub gives page by page.

    Written out here, because the client waits for as long as it is told to, an hour if need be, where it reads pages.
    """
    from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status

    headers = build_hf_headers(library_name="synthgym")
    address: str | None = f"{api.endpoint}/api/{path}?{urlencode(query)}"
    while address is not None:
        response = get_session().get(address, headers=headers)
        hf_raise_for_status(response)
        yield from _page(response.content, f"{api.endpoint}/api/{path}")
        following = response.links.get("next", {}).get("url")
        # Always of the same Hub: another machine, which the link may name, would be sent the key.
        address = following and f"{api.endpoint}/api/{path}?{urlsplit(following).query}"


def _page(body: bytes, address: str) -> list[dict[str, Any]]:
    """What is listed on a page."""
    try:
        found = parse_json(body)
    except ValueError as error:
        raise HubError(f"{address}: not valid JSON: {error}") from error
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise HubError(f"{address}: expected a list of objects, got {kind_of(found)}")
    return found


def _attempt(
    what: str, repo_id: str, request: Callable[[HfApi], Result], seconds: float | None, file_bytes: int
) -> Result:
    from huggingface_hub import get_session

    session = get_session()
    if session.timeout.read is None:  # the client's own default is to wait for ever
        session.timeout = float(os.environ.get("HF_HUB_DOWNLOAD_TIMEOUT") or 30)
    if _bounded not in session.event_hooks["response"]:
        hooks = session.event_hooks
        session.event_hooks = {**hooks, "response": [*hooks["response"], _bounded]}
    usual = session.timeout
    if seconds is not None:
        session.timeout = seconds
    _asking.now, _asking.file_bytes = True, file_bytes
    try:
        return request(hub_api())
    except Exception as error:
        told = _tell(error, what, repo_id)
    finally:
        session.timeout = usual
        _asking.now = False
    # Outside of the handler, so that the client's error, whose request holds the key, is not chained to ours.
    raise told


class _Asking(threading.local):
    """What this thread is asking for; the client, and so its hooks, are shared with whoever else uses it."""

    now = False
    file_bytes = 0


_asking = _Asking()


def _bounded(response: Any) -> None:
    """A hook that has every answer end to what is asked here: in bytes, and in time where it is no file."""
    size = _asking.file_bytes
    if _asking.now and (size == 0 or "/api/" in response.request.url.path):
        bound(response, MOST_ANSWERED, _LONGEST_ANSWER)
    elif _asking.now:
        bound(response, max(MOST_ANSWERED, size))


def _tell(error: Exception, what: str, repo_id: str) -> Exception:
    """The client's error as one of ours. Its text is not used: it quotes what the other side chose to answer."""
    from huggingface_hub import errors

    where = f"{repo_id}: {what}"
    for cause in _causes(error):
        if isinstance(cause, errors.OfflineModeIsEnabled):
            return HubRefused("offline", f"{where}: not at hand, and HF_HUB_OFFLINE forbids to ask the Hub")
        if isinstance(cause, EndlessAnswer):
            return HubError(f"{where}: the Hub at {_endpoint()} sent {cause}; see HF_ENDPOINT")
        if isinstance(cause, errors.FileMetadataError):
            return HubError(f"{where}: what answers at {_endpoint()} is no Hub; see HF_ENDPOINT")
        told: Exception | None = None
        if isinstance(cause, errors.HfHubHTTPError):
            told = _of_status(cause, where, repo_id)
        elif isinstance(cause, errors.HfHubHTTPError.__bases__[0]):  # httpx's; of httpx2 since huggingface_hub 2
            told = _Passing(type(cause).__name__)
        if isinstance(told, _Passing) and isinstance(error, errors.LocalEntryNotFoundError):
            # A download: the client itself has tried six times, so that once is enough here.
            return HubError(f"{where}: the Hub at {_endpoint()} failed: {told}; try again later")
        if told is not None:
            return told
    if isinstance(error, errors.LocalEntryNotFoundError):
        return HubError(f"{where}: the Hub at {_endpoint()} cannot be reached")
    if isinstance(error, OSError) and error.errno is not None:
        return error  # of this machine: a full disk, a folder that may not be written
    return HubError(f"{where}: the Hub at {_endpoint()} answered nonsense ({type(error).__name__})")


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__


def _of_status(error: Any, where: str, repo_id: str) -> Exception:
    from huggingface_hub import errors

    status = error.response.status_code
    dataset = "/datasets/" in urlsplit(str(error.response.url)).path
    if isinstance(error, errors.GatedRepoError):
        return HubRefused(
            "gated",
            f"{where}: access has to be asked for at {_endpoint()}/{'datasets/' * dataset}{repo_id}; then set HF_TOKEN "
            "to your key",
        )
    if isinstance(error, errors.DisabledRepoError):
        return HubRefused("disabled", f"{where}: the Hub has disabled this repository; use another")
    if isinstance(error, errors.RevisionNotFoundError):
        return HubRefused("revision", f"{where}: the repository has no such revision; it may have been rewritten")
    if isinstance(error, errors.EntryNotFoundError):
        return HubRefused("file", f"{where}: no such file in the repository at this revision")
    if isinstance(error, errors.RepositoryNotFoundError):
        return HubRefused(
            "missing",
            f"{where}: no such {'dataset ' * dataset}repository at {_endpoint()}; it may be misspelt, renamed, "
            "removed, or private (then set HF_TOKEN to a key that may read it)",
        )
    if status in (401, 403):
        return HubRefused("key", f"{where}: refused ({status}); set HF_TOKEN to a key that has the right")
    if status in (409, 412):
        return HubRefused("conflict", f"{where}: the repository was changed meanwhile; try again")
    if status in _PASSING:
        return _Passing(f"status {status}", _asked_to_wait(error.response.headers))
    return HubError(f"{where}: the Hub at {_endpoint()} refused with status {status}")


def _asked_to_wait(headers: Any) -> float | None:
    """Seconds, from `Retry-After` or from the Hub's own `RateLimit: "api";r=0;t=55`."""
    after = re.fullmatch(r"\s*(\d+)\s*", headers.get("Retry-After", ""))
    limit = re.search(r";\s*r\s*=\s*0\s*;\s*t\s*=\s*(\d+)", headers.get("RateLimit", ""))
    found = [float(match.group(1)) for match in (after, limit) if match]
    return max(found, default=None)


def _wait(state: Any) -> float:
    error = state.outcome.exception()
    if error.wait is not None:
        return float(error.wait)
    return float(_FIRST_WAIT * 2 ** (state.attempt_number - 1))


def _worth_a_wait(error: BaseException) -> bool:
    return isinstance(error, _Passing) and (error.wait or 0.0) <= LONGEST_WAIT


def _endpoint() -> str:
    """The Hub's address for errors, without a name or key that somebody wrote into it."""
    address = os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
    return re.sub(r"//[^/@]*@", "//", address).rstrip("/")
