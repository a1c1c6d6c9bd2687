"""Collections on a Hub: pushed, pulled, played; and what a stranger's repository may hold. See `hub_server`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest
import yaml
from challenges import write_game, write_table
from env_fixtures import needs
from hub_server import HubServer, hub
from packs import Forged

import synthgym
from synthgym.base.errors import HubError, HubRefused, OutputFolderError, SpecError, UserError
from synthgym.registry.challenge import content_hash, load_challenge
from synthgym.registry.collections.check import check_collection
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.index import read_index
from synthgym.registry.collections.packing import pack
from synthgym.registry.collections.unpack import unpack
from synthgym.registry.hub.collections import HUB_PACK, pull, push, resolve
from synthgym.registry.sealing import SEAL_FILE, seal

__all__ = ["hub"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A table, sealed, and a game, sealed; and beside them what a collection's maker may have lying there."""
    path = Collection.create(tmp_path / "mine", namespace="mine", title="My | challenges", version="2").path
    for challenge in (write_table(path, "line"), write_game(path, "coins")):
        sealed(challenge)
    (path / "ledger.jsonl").write_text("")
    for name in ("trajectories/a.jsonl.zst", ".calls/b.json", ".staging/c/challenge.yaml", "journal.jsonl", ".env"):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text("secret-of-the-maker")
    (path / "line/workspace/__pycache__").mkdir()
    (path / "line/workspace/__pycache__/train.pyc").write_text("secret-of-the-maker")
    return path


def sealed(challenge: Path) -> None:
    seal(challenge)
    spec = load_challenge(challenge)
    spec.provenance.content_hash = content_hash(spec, challenge)
    spec.save(challenge)


@pytest.fixture
def key(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HF_TOKEN", hub.key)
    return hub.key


def collection_files(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def shared(hub: HubServer, repo_id: str = "mine/toys", commit: str | None = None) -> dict[str, bytes]:
    """What is in the pack of a repository, unpacked."""
    with tempfile.TemporaryDirectory() as work:
        packed = Path(work, HUB_PACK)
        packed.write_bytes(hub.files(repo_id, *([commit] if commit else []))[HUB_PACK])
        assert unpack(packed, Path(work, "unpacked")) == []
        return collection_files(Path(work, "unpacked"))


def test_what_was_pushed_is_pulled(hub: HubServer, key: str, folder: Path, tmp_path: Path) -> None:
    commit = push(folder, "mine/toys")
    assert set(hub.files("mine/toys")) == {".gitattributes", "README.md", "card/gain.png", HUB_PACK}
    pushed = shared(hub)
    assert set(pushed) == {
        "collection.yaml",
        "index.json",
        "ledger.jsonl",
        *(f"line/{name}" for name in ("challenge.yaml", "workspace/train.py", "grader/prepare.py")),
        *(f"coins/{name}" for name in ("challenge.yaml", "workspace/strategy.py", "grader/prepare.py")),
        "coins/grader/evaluate.py",
        f"line/grader/{SEAL_FILE}",
        f"coins/grader/{SEAL_FILE}",
    }
    for said in (b"\n".join(pushed.values()), b"\n".join(hub.files("mine/toys").values())):
        assert b"secret-of-the-maker" not in said
        assert key.encode() not in said
    pulled = pull("mine/toys", tmp_path / "pulled")
    assert check_collection(pulled) == []
    assert [load_challenge(pulled / name) for name in ("coins", "line")] == list(Collection.load(folder))
    assert read_index(pulled).entries == read_index(folder).entries
    assert collection_files(pulled) == shared(hub, commit=commit)
    assert pull("mine/toys").read_bytes() == hub.files("mine/toys", commit)[HUB_PACK]
    assert not hub.is_private("mine/toys")


def test_hashes_agree_without_the_reference_and_with_it(hub: HubServer, key: str, folder: Path, tmp_path: Path) -> None:
    for repo_id, with_labels in {"mine/without": False, "mine/with": True}.items():
        push(folder, repo_id, with_labels=with_labels)
        pulled = pull(repo_id, tmp_path / repo_id)
        assert (pulled / "line/grader/reference").exists() == with_labels
        for name in ("line", "coins"):
            ours, theirs = load_challenge(folder / name), load_challenge(pulled / name)
            assert content_hash(theirs, pulled / name) == ours.provenance.content_hash
    (pulled / "line/grader/reference/train.py").write_text("print('another solution')")
    assert content_hash(theirs, pulled / "line") != load_challenge(folder / "line").provenance.content_hash
    assert "not the seal of grader/reference/ as it is" in str(check_collection(pulled)[0])


def test_a_reference_that_the_hash_covers_is_never_left_out_silently(hub: HubServer, key: str, tmp_path: Path) -> None:
    path = Collection.create(tmp_path / "open", namespace="open", title="Not sealed").path
    write_table(path, "line")
    with pytest.raises(UserError, match=r"1 challenges \(line\) cover .* verify --seal.* push --with-labels"):
        push(path, "mine/open")
    assert hub.requests == []
    push(path, "mine/open", with_labels=True)
    assert "line/grader/reference/train.py" in shared(hub, "mine/open")
    assert check_collection(pull("mine/open")) == []
    (path / "line/grader/reference/train.py").unlink()
    (path / "line/grader/reference").rmdir()
    spec = load_challenge(path / "line")
    spec.provenance.content_hash = content_hash(spec, path / "line")
    spec.save(path / "line")
    push(path, "mine/none")  # there is nothing to leave out
    assert check_collection(pull("mine/none")) == []


def test_a_pulled_collection_is_played(hub: HubServer, key: str, folder: Path) -> None:
    needs("bubblewrap")
    commit = push(folder, "mine/toys")
    ids = synthgym.register(f"hf://mine/toys@{commit}")
    assert ids == ["mine/coins-v0", "mine/line-v0"]
    for name, command in {"mine/line-v0": "python train.py && validate", "mine/coins-v0": "validate"}.items():
        env = gym.make(name, sandbox="bubblewrap")
        env.reset(seed=0)
        observation, _, _, _, info = env.step(f"env; {command}")
        assert info["scores"], observation
        assert key not in observation
        _, _, terminated, _, info = env.step("submit")
        assert terminated
        assert info["challenge_hash"] == load_challenge(folder / name[5:-3]).provenance.content_hash
        env.close()


def test_a_pinned_revision_stays_and_a_branch_moves(hub: HubServer, key: str, folder: Path, tmp_path: Path) -> None:
    first = push(folder, "mine/toys")
    shutil.rmtree(folder / "coins")
    info = yaml.safe_load((folder / "collection.yaml").read_text())
    (folder / "collection.yaml").write_text(yaml.safe_dump({**info, "version": "3"}))
    second = push(folder, "mine/toys", message="Fewer")
    assert first != second
    assert not [name for name in shared(hub) if name.startswith("coins/")]
    old = resolve(f"hf://mine/toys@{first}")
    assert Collection.load(old).ids() == ["coins", "line"]
    assert Collection.load(resolve("hf://mine/toys")).ids() == ["line"]
    assert Collection.load(pull("mine/toys", tmp_path / "main", revision="main")).info.version == "3"
    asked = len(hub.requests)
    hub.fail(503)
    assert resolve(f"hf://mine/toys@{first}") == old  # whole commits are not asked for again
    assert len(hub.requests) == asked


def test_what_else_is_in_the_repository_stays(hub: HubServer, key: str, folder: Path) -> None:
    hub.add(
        "mine/toys", {"notes/idea.md": b"keep", "old/challenge.yaml": b"id: old", "old/grader/x.py": b"", "a.b": b"1"}
    )
    push(folder, "mine/toys")
    assert {"notes/idea.md", "a.b"} <= set(hub.files("mine/toys"))
    assert not [name for name in hub.files("mine/toys") if name.startswith("old/")]


def test_the_card(hub: HubServer, key: str, folder: Path) -> None:
    challenge = load_challenge(folder / "line")
    challenge.title = "A | line"
    challenge.dataset.licence = "CC-BY-4.0"
    challenge.provenance.content_hash = content_hash(challenge, folder / "line")
    challenge.save(folder / "line")
    push(folder, "mine/toys", with_labels=True)
    files = hub.files("mine/toys")
    _, front, body = files["README.md"].decode().split("---\n", 2)
    assert yaml.safe_load(front)["tags"][0] == "synthgym"
    assert yaml.safe_load(front)["pretty_name"] == "My | challenges"
    assert "# My &#124; challenges" in body
    assert 'synthgym.register("hf://mine/toys")' in body
    assert "| generated | CC-BY-4.0 | 1 |" in body
    assert "| line | rmse | 1 | 0.1 | 0.02 | 45 |  |" in body
    assert "| file | 1 |" in body
    assert "**The reference solutions are in it**" in body
    assert files["card/gain.png"].startswith(b"\x89PNG")


def test_licences_of_the_card(hub: HubServer, key: str, folder: Path) -> None:
    for name, licence in {"line": "mit", "coins": "house rules"}.items():
        challenge = load_challenge(folder / name)
        (folder / name / "data").mkdir()
        (folder / name / "data/x.csv").write_text("a\n1\n")
        challenge.dataset = challenge.dataset.model_copy(
            update={"source": "local", "path": "data", "files": ["x.csv"], "licence": licence}
        )
        challenge.provenance.content_hash = content_hash(challenge, folder / name)
        challenge.save(folder / name)
    push(folder, "mine/toys")
    front = yaml.safe_load(hub.files("mine/toys")["README.md"].decode().split("---\n")[1])
    assert front["license"] == ["mit", "other"]
    assert shared(hub)["line/data/x.csv"] == b"a\n1\n"
    assert check_collection(pull("mine/toys")) == []


def test_nothing_is_pushed_that_has_problems(hub: HubServer, key: str, folder: Path) -> None:
    with (folder / "line/grader/prepare.py").open("a") as file:
        file.write("# changed\n")
    with pytest.raises(SpecError, match="1 to put right before it is shared"):
        push(folder, "mine/toys")
    (folder / "line/workspace/.env").write_text("KEY=1")
    challenge = load_challenge(folder / "line")
    challenge.provenance.content_hash = content_hash(challenge, folder / "line")
    challenge.save(folder / "line")
    with pytest.raises(UserError, match=r"\.env: hidden, or of a name that cannot be shared"):
        push(folder, "mine/toys")
    assert hub.requests == []


def test_private_is_private(hub: HubServer, key: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = push(folder, "mine/own", private=True)
    assert hub.is_private("mine/own")
    push(folder, "mine/public")
    with pytest.raises(UserError, match="mine/public: exists and is public"):
        push(folder, "mine/public", private=True)
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(HubRefused, match="private"):
        pull("mine/own", revision=commit)


@pytest.mark.parametrize("wrong", ["hf_wrong-and-secret", None])
def test_without_the_right_key(
    hub: HubServer, folder: Path, wrong: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if wrong:
        monkeypatch.setenv("HF_TOKEN", wrong)
    with pytest.raises(HubRefused, match=r"mine/toys: the repository: refused.* HF_TOKEN") as caught:
        push(folder, "mine/toys")
    assert "secret" not in str(caught.value)


def test_a_push_survives_what_passes(hub: HubServer, key: str, folder: Path) -> None:
    hub.fail(503, times=1, match="/commit/")
    hub.fail(429, times=1, match="/repos/create", retry_after=0)
    commit = push(folder, "mine/toys")
    assert HUB_PACK in hub.files("mine/toys", commit)
    assert push(folder, "mine/toys") == commit  # nothing changed: no commit


def test_a_push_whose_answer_is_lost_is_one_commit(hub: HubServer, key: str, folder: Path) -> None:
    hub.add("mine/toys", {"README.md": b"#"})
    hub.fail("lost", times=1, match="/commit/")
    commit = push(folder, "mine/toys")
    assert HUB_PACK in hub.files("mine/toys", commit)
    assert sum("/commit/" in request.path for request in hub.requests) == 1


def test_a_push_says_when_the_repository_was_changed_meanwhile(hub: HubServer, key: str, folder: Path) -> None:
    push(folder, "mine/toys")
    hub.fail(412, times=1, match="/commit/")
    (folder / "ledger.jsonl").write_text('{"index": 0, "id": "line", "outcome": "accepted"}\n')
    with pytest.raises(HubRefused, match="the repository was changed meanwhile; try again"):
        push(folder, "mine/toys")


def test_a_pull_that_fails_leaves_nothing(hub: HubServer, key: str, folder: Path, tmp_path: Path) -> None:
    push(folder, "mine/toys")
    hub.fail(403, match="/resolve/")
    with pytest.raises(HubRefused):
        pull("mine/toys", tmp_path / "pulled")
    hub.heal()
    hub.fail(429, retry_after=3600, match="/tree/")
    with pytest.raises(HubError, match="status 429"):
        pull("mine/toys", tmp_path / "pulled")
    assert not (tmp_path / "pulled").exists()
    hub.heal()
    hub.fail(503, times=1, match="/resolve/")
    assert check_collection(pull("mine/toys", tmp_path / "pulled")) == []
    with pytest.raises(OutputFolderError, match="not empty"):
        pull("mine/toys", tmp_path / "pulled")
    (tmp_path / "empty").mkdir()
    assert len(Collection.load(pull("mine/toys", tmp_path / "empty"))) == 2


@pytest.mark.parametrize("match", ["/api/datasets/mine/toys", "/tree/", "/resolve/"])
def test_answers_without_end(hub: HubServer, key: str, folder: Path, tmp_path: Path, match: str) -> None:
    push(folder, "mine/toys")
    hub.fail("endless", match=match)
    with pytest.raises(HubError, match="sent an answer of more than 67,108,864 bytes; see HF_ENDPOINT"):
        pull("mine/toys", tmp_path / "pulled")
    assert not (tmp_path / "pulled").exists()


STRANGERS = {
    "../../outside/challenge.yaml": b"up and out",
    "/absolute/challenge.yaml": b"absolute",
    "evil/../../../outside.py": b"out of a challenge",
    "evil/challenge.yaml": b"id: evil",
    "evil/workspace/.hidden": b"hidden",
    "evil/.git/config": b"a repository of its own",
    "evil/workspace/a\\..\\..\\b": b"as Windows has it",
    "evil/workspace/\u202egnp.py": b"a name that reads backwards",
    "evil/workspace/__pycache__/x.pyc": b"compiled",
    "evil/workspace/ok.py": b"raise SystemExit('ran')",
    "evil/" + "a" * 300: b"a name that no file can have",
    "setup.py": b"raise SystemExit('ran')",
    "conftest.py": b"raise SystemExit('ran')",
    "trajectories/x.jsonl": b"{}",
    "collection.yaml": b"namespace: evil\ntitle: Evil\n",
    ".cache/huggingface/x": b"as the client's own",
}


def test_a_strangers_repository_gives_no_more_than_a_collection(hub: HubServer, tmp_path: Path) -> None:
    hub.add("stranger/evil", STRANGERS)
    pulled = pull("stranger/evil", tmp_path / "deep/er/pulled")
    assert set(collection_files(pulled)) == {"collection.yaml", "evil/challenge.yaml", "evil/workspace/ok.py"}
    assert {path.name for path in (tmp_path / "deep/er").iterdir()} <= {"pulled", ".pulled.lock"}
    assert not [path for path in tmp_path.rglob("*") if path.is_symlink()]
    with pytest.raises(SpecError, match=r"evil/challenge.yaml: field 'title': required"):
        synthgym.register(pulled)


def test_a_strangers_pack_is_all_that_is_fetched(hub: HubServer, folder: Path, tmp_path: Path) -> None:
    """One challenge of it is not what it says, and costs itself."""
    forged = Forged.of(pack(folder, tmp_path / "mine.zip"))
    forged.entry("line")["title"] = "Another"
    evil = forged.write(tmp_path / "evil.zip").read_bytes()
    hub.add("stranger/evil", {**STRANGERS, HUB_PACK: evil})
    assert synthgym.register("hf://stranger/evil") == ["mine/coins-v0", "mine/line-v0"]
    assert {request.path.rpartition("/")[2] for request in hub.requests if "/resolve/" in request.path} == {HUB_PACK}
    with pytest.warns(UserWarning, match=r"left out: hf://stranger/evil@\w+: challenge 'line' cannot be unpacked"):
        pulled = pull("stranger/evil", tmp_path / "pulled")
    assert Collection.load(pulled).ids() == ["coins"]
    assert not (pulled / HUB_PACK).exists()


def test_a_pack_that_is_none(hub: HubServer, tmp_path: Path) -> None:
    hub.add("stranger/none", {**STRANGERS, HUB_PACK: b"no pack"})
    for out in (None, tmp_path / "pulled"):
        with pytest.raises(SpecError, match=r"hf://stranger/none@\w{40}/collection.synthgym.zip: no pack"):
            pull("stranger/none", out)
    assert not (tmp_path / "pulled").exists()


def test_a_pack_is_pushed_as_its_folder_is(hub: HubServer, key: str, folder: Path, tmp_path: Path) -> None:
    commit = push(folder, "mine/toys")
    assert push(pack(folder, tmp_path / "mine.zip"), "mine/toys") == commit  # nothing changed


def test_a_link_of_a_repository_becomes_a_file(hub: HubServer, tmp_path: Path) -> None:
    """The Hub serves a link's target as a file's text, which is what it stays here."""
    hub.add("stranger/links", {**STRANGERS, "evil/workspace/link": b"/etc/passwd"})
    pulled = pull("stranger/links", tmp_path / "pulled")
    assert not (pulled / "evil/workspace/link").is_symlink()
    assert (pulled / "evil/workspace/link").read_text() == "/etc/passwd"


@pytest.mark.parametrize(("most", "value"), [("MOST_BYTES", 100), ("MOST_FILES", 2)])
def test_a_repository_that_is_too_large(
    hub: HubServer, tmp_path: Path, most: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"synthgym.registry.hub.collections.{most}", value)
    hub.add("stranger/huge", {**STRANGERS, "evil/workspace/huge.csv": b"1" * 1000})
    with pytest.raises(UserError, match="a collection on the Hub has at most"):
        pull("stranger/huge", tmp_path / "pulled")
    assert not [request for request in hub.requests if "/resolve/" in request.path]


def test_a_collection_that_is_too_large_to_be_pulled(
    hub: HubServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("synthgym.registry.collections.packing.MOST_BYTES", 100)
    with pytest.raises(UserError, match=r"mine: a pack has at most 50,000 challenges and 0 MiB"):
        push(folder, "mine/toys")
    assert hub.requests == []


def test_a_repository_of_endless_files(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synthgym.registry.hub.access.MOST_LISTED", 600)
    hub.add("stranger/huge", {f"photos/{number}.txt": b"" for number in range(2000)})
    with pytest.raises(HubRefused, match="has more than 600 files") as caught:
        pull("stranger/huge")
    assert caught.value.kind == "too large"
    assert sum("/tree/" in request.path for request in hub.requests) == 2  # of four pages


def test_offline(hub: HubServer, key: str, folder: Path, tmp_path: Path) -> None:
    commit = push(folder, "mine/toys")
    code = (
        "import synthgym, sys\n"
        "try: print(synthgym.register(sys.argv[1]))\n"
        "except synthgym.errors.HubRefused as error: print(error.kind, error)\n"
    )

    def register(offline: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", code, f"hf://mine/toys@{commit}"],
            env={**os.environ, "HF_HUB_OFFLINE": offline},
            capture_output=True,
            text=True,
        ).stdout

    assert register("1").startswith("offline mine/toys: its files: not at hand, and HF_HUB_OFFLINE forbids")
    assert "mine/line-v0" in register("0")
    assert "mine/line-v0" in register("1")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"train.csv": b"1"}, "stranger/other: holds no collection: no collection.yaml at revision"),
        ({"collection.yaml": b"title: x"}, r"hf://stranger/other@\w{40}/collection.yaml: field 'namespace': required"),
    ],
)
def test_what_is_no_collection(hub: HubServer, tmp_path: Path, files: dict[str, bytes], told: str) -> None:
    hub.add("stranger/other", files)
    with pytest.raises(SpecError, match=told):
        pull("stranger/other", tmp_path / "pulled")
    assert not (tmp_path / "pulled").exists()


@pytest.mark.parametrize(
    "address", ["hf://", "hf://name", "hf://a/b/c", "hf://a/b@", "hf://a/b@c d", f"hf://../b@{40 * '0'}", "hf:/a/b"]
)
def test_what_is_no_address(hub: HubServer, address: str) -> None:
    with pytest.raises(UserError):
        synthgym.register(address)
    assert hub.requests == []


def test_many_pages_of_files(hub: HubServer, key: str, folder: Path, tmp_path: Path) -> None:
    for number in range(600):
        (folder / f"line/workspace/part{number:03}.txt").write_text("")
    sealed(folder / "line")
    hub.add("mine/toys", {name: body for name, body in collection_files(folder).items() if "reference/" not in name})
    pulled = pull("mine/toys", tmp_path / "pulled")
    assert len(list((pulled / "line/workspace").iterdir())) == 601
    assert sum("/tree/" in request.path for request in hub.requests) == 2


@pytest.fixture
def command(hub: HubServer, tmp_path: Path) -> Callable[..., Any]:
    def run(*arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "synthgym.cli.main", *map(str, arguments)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=100,
            env=dict(os.environ),
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done

    return run


@pytest.mark.slow
def test_commands(hub: HubServer, key: str, folder: Path, tmp_path: Path, command: Callable[..., Any]) -> None:
    pushed = json.loads(command("push", folder, "mine/toys", "--message", "First", "--json").stdout)
    assert pushed == {
        "repo_id": "mine/toys",
        "revision": pushed["revision"],
        "address": f"hf://mine/toys@{pushed['revision']}",
    }
    pulled = json.loads(command("pull", "mine/toys", "--out", tmp_path / "out", "--json").stdout)
    assert pulled == {**pulled, "revision": pushed["revision"], "folder": str(tmp_path / "out"), "challenges": 2}
    cached = command("pull", "mine/toys", "--revision", pushed["revision"]).stdout.strip()
    assert Path(cached).read_bytes() == hub.files("mine/toys")[HUB_PACK]
    listed = command("list", "mine/*", "--collection", pushed["address"]).stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["mine/coins-v0", "mine/line-v0"]
    assert "not empty" in command("pull", "mine/toys", "--out", tmp_path / "out", code=2).stderr
    refused = command("pull", "mine/nothing", code=2).stderr
    assert refused.startswith("error: mine/nothing: revision 'main': no such dataset repository at")
    hub.fail(429, retry_after=3600)
    assert "error: HubError: mine/toys:" in command("pull", "mine/toys", code=1).stderr


@pytest.mark.slow
def test_verify_seals(hub: HubServer, key: str, tmp_path: Path, command: Callable[..., Any]) -> None:
    needs("bubblewrap")
    path = Collection.create(tmp_path / "open", namespace="open", title="Not sealed").path
    before = load_challenge(write_table(path, "line")).provenance.content_hash
    assert "verify --seal" in command("push", path, "mine/open", code=2).stderr
    assert "1 of 1 verified" in command("verify", path, "--seal").stdout
    after = load_challenge(path / "line")
    assert after.provenance.content_hash != before
    assert check_collection(path) == []
    listed = (path / "line/grader" / SEAL_FILE).read_text()
    done = subprocess.run(["sha256sum", "-c"], input=listed, cwd=path / "line/grader", capture_output=True, text=True)
    assert done.stdout == "reference/train.py: OK\n"
    command("push", path, "mine/open")
    pulled = pull("mine/open", tmp_path / "pulled")
    failed = command("verify", pulled, code=1).stderr
    assert "was left out where the challenge was published" in failed
    assert load_challenge(pulled / "line") == after
