"""The data of a challenge, from its own folder and from a Hub; see `hub_server` for what plays the Hub."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import challenges
import pytest
from env_fixtures import needs
from hub_server import HubServer, hub

from synthgym.base.errors import HubError, HubRefused, UserError
from synthgym.envs.env import ChallengeEnv
from synthgym.registry import data
from synthgym.registry.challenge import Challenge, Dataset
from synthgym.registry.data import fetch

__all__ = ["hub"]

FILES = {"data/train.csv": b"a,b\n1,2\n", "big.parquet": b"PAR1" * 100, "loader.py": b"raise SystemExit('ran')\n"}
FILES = {name: body + uuid.uuid4().bytes for name, body in FILES.items()}  # the client's cache outlives the tests


def of_hub(repo_id: str, revision: str | None, *files: str) -> Dataset:
    return Dataset(source="huggingface", path=repo_id, revision=revision, files=list(files))


def fetched(dataset: Dataset, tmp_path: Path) -> dict[str, bytes]:
    target = tmp_path / uuid.uuid4().hex
    fetch(dataset, tmp_path, target, "wine")
    return {path.name: path.read_bytes() for path in target.iterdir()}


def test_listed_files_come_and_no_others(hub: HubServer, tmp_path: Path) -> None:
    sha = hub.add("somebody/wine", FILES)
    dataset = of_hub("somebody/wine", sha, "data/train.csv", "big.parquet")
    assert fetched(dataset, tmp_path) == {"train.csv": FILES["data/train.csv"], "big.parquet": FILES["big.parquet"]}
    assert not [request for request in hub.requests if "loader.py" in request.path]
    asked = len(hub.requests)
    hub.fail(503)
    assert len(fetched(dataset, tmp_path)) == 2  # from the client's cache: nothing is asked any more
    assert len(hub.requests) == asked


def test_a_pinned_revision_stays_when_the_branch_moves(hub: HubServer, tmp_path: Path) -> None:
    sha = hub.add("somebody/wine", FILES)
    assert hub.add("somebody/wine", {"data/train.csv": b"other"}) != sha
    assert fetched(of_hub("somebody/wine", sha, "data/train.csv"), tmp_path) == {"train.csv": FILES["data/train.csv"]}


def test_a_renamed_repository_is_followed_because_its_commits_are_the_same(hub: HubServer, tmp_path: Path) -> None:
    sha = hub.add("somebody/wine", FILES)
    hub.rename("somebody/wine", "somebody/wines")
    assert fetched(of_hub("somebody/wine", sha, "data/train.csv"), tmp_path) == {"train.csv": FILES["data/train.csv"]}


@pytest.mark.parametrize("revision", ["main", "refs/convert/parquet", "abc123", "0" * 39, "A" * 40])
def test_a_revision_that_moves_is_refused(hub: HubServer, tmp_path: Path, revision: str) -> None:
    hub.add("somebody/wine", FILES)
    with pytest.raises(UserError, match=r"wine: field 'dataset.revision': expected a commit of somebody/wine"):
        fetched(of_hub("somebody/wine", revision, "data/train.csv"), tmp_path)
    assert hub.requests == []


@pytest.mark.parametrize(
    "file",
    ["loader.py", "model.pkl", "../train.csv", "/etc/passwd.csv", "a\\b.csv", "data/../x.csv", "x.zip"],
)
def test_what_is_no_data_is_not_asked_for(hub: HubServer, tmp_path: Path, file: str) -> None:
    sha = hub.add("somebody/wine", {**FILES, file: b"x"})
    with pytest.raises(UserError, match="expected data files"):
        fetched(of_hub("somebody/wine", sha, file), tmp_path)
    assert hub.requests == []


def test_two_files_of_the_same_last_name(tmp_path: Path) -> None:
    for part in ("a", "b"):
        (tmp_path / "data" / part).mkdir(parents=True)
        (tmp_path / "data" / part / "x.csv").write_text(part)
    both = Dataset(source="local", path="data", files=["a/x.csv", "b/x.csv"])
    with pytest.raises(UserError, match=r"different last names.* got 'a/x.csv' and 'b/x.csv'"):
        fetched(both, tmp_path)
    assert fetched(both.model_copy(update={"files": ["b/x.csv"]}), tmp_path) == {"x.csv": b"b"}


def test_too_much_data(hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "MOST_DATA", 300)
    sha = hub.add("somebody/wine", FILES)
    with pytest.raises(UserError, match="MiB of data"):
        fetched(of_hub("somebody/wine", sha, "data/train.csv", "big.parquet"), tmp_path)
    assert [request.path for request in hub.requests if "resolve" in request.path] == []  # asked for sizes first
    (tmp_path / "long.csv").write_bytes(b"1" * 301)
    with pytest.raises(UserError, match="MiB of data"):
        fetched(Dataset(source="local", files=["long.csv"]), tmp_path)


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "gated": ({"gated": True}, "gated", "access has to be asked for at"),
    "private": ({"private": True}, "missing", "private"),
    "disabled": ({"disabled": True}, "disabled", "the Hub has disabled this repository"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_repository_that_is_not_given(
    hub: HubServer, tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, kind, told = REFUSED[case]
    sha = hub.add("somebody/wine", FILES, **settings)
    monkeypatch.setenv("HF_TOKEN", "hf_wrong-and-secret")
    with pytest.raises(HubRefused, match=told) as caught:
        fetched(of_hub("somebody/wine", sha, "data/train.csv"), tmp_path)
    assert caught.value.kind == kind
    assert str(caught.value).startswith("wine: its data cannot be had: somebody/wine: ")
    assert "secret" not in str(caught.value)


def test_who_may_see_a_private_repository_gets_it(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = hub.add("somebody/own-wine", FILES, private=True)
    monkeypatch.setenv("HF_TOKEN", hub.key)
    assert len(fetched(of_hub("somebody/own-wine", sha, "data/train.csv", "big.parquet"), tmp_path)) == 2
    stored = [request for request in hub.requests if request.path.startswith("/store/")]
    assert [request.key for request in stored] == [None]  # the store is elsewhere: the key does not go there


@pytest.mark.parametrize(
    ("repo_id", "revision", "file", "told"),
    [
        ("somebody/nothing", "0" * 40, "a.csv", "no such dataset repository at .* misspelt, renamed, removed, or pri"),
        ("somebody/wine", "0" * 40, "a.csv", "the repository has no such revision"),
        ("somebody/wine", None, "a.csv", "data file 'a.csv' is not in somebody/wine at revision"),
        ("some body/../wine", "0" * 40, "a.csv", "not the name of a repository"),
    ],
)
def test_what_is_not_there(
    hub: HubServer, tmp_path: Path, repo_id: str, revision: str | None, file: str, told: str
) -> None:
    sha = hub.add("somebody/wine", FILES)
    with pytest.raises(UserError, match=told):
        fetched(of_hub(repo_id, revision or sha, file), tmp_path)


@pytest.mark.parametrize(
    ("failure", "settings"),
    [
        (503, {"times": 2}),
        (429, {"times": 1, "retry_after": 1}),
        ("cut", {"times": 1, "match": "paths-info"}),
        (502, {"times": 1, "match": "resolve"}),
        ("cut", {"times": 1, "match": "resolve"}),
        ("cut", {"times": 1, "match": "/store/"}),
        (503, {"times": 1, "match": "/store/"}),
    ],
)
def test_what_passes_is_waited_for(
    hub: HubServer, tmp_path: Path, failure: int | str, settings: dict[str, Any]
) -> None:
    name = f"somebody/{uuid.uuid4().hex}"
    sha = hub.add(name, FILES)
    hub.fail(failure, **settings)
    found = fetched(of_hub(name, sha, "data/train.csv", "big.parquet"), tmp_path)
    assert found == {"train.csv": FILES["data/train.csv"], "big.parquet": FILES["big.parquet"]}


@pytest.mark.slow
@pytest.mark.parametrize("failure", [503, 429, "hang", "cut"])
def test_what_does_not_pass_is_the_hubs_fault(
    hub: HubServer, tmp_path: Path, failure: int | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_DOWNLOAD_TIMEOUT", "0.5")
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    sha = hub.add("somebody/wine", FILES)
    hub.fail(failure)
    with pytest.raises(HubError, match=r"somebody/wine: its data files: the Hub at .* failed: .*; try again") as caught:
        fetched(of_hub("somebody/wine", sha, "data/train.csv"), tmp_path)
    assert "secret" not in repr(caught.value)
    chain: BaseException | None = caught.value
    while chain is not None:  # nor in what a traceback would show of causes
        assert "secret" not in str(chain)
        chain = chain.__cause__ or chain.__context__


def test_a_hub_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://name:word@127.0.0.1:9")
    with pytest.raises(HubError, match="failed: ConnectError") as caught:
        fetched(of_hub("somebody/wine", "0" * 40, "a.csv"), tmp_path)
    assert "http://127.0.0.1:9" in str(caught.value)
    assert "word" not in str(caught.value)


def test_a_rate_that_is_limited_for_an_hour_is_not_waited_for(hub: HubServer, tmp_path: Path) -> None:
    sha = hub.add("somebody/wine", FILES)
    hub.fail(429, retry_after=3600)
    with pytest.raises(HubError, match="status 429"):
        fetched(of_hub("somebody/wine", sha, "data/train.csv"), tmp_path)
    assert len(hub.requests) == 1


PREPARE = """
import csv, os
assert sorted(os.listdir(os.environ["SOURCE"])) == ["wine.csv.gz"], os.listdir(os.environ["SOURCE"])
assert not [name for name in os.environ if name.startswith(("HF_", "HUGGING"))], os.environ
import gzip
rows = list(csv.reader(gzip.open(os.environ["SOURCE"] + "/wine.csv.gz", "rt")))[1:]
def write(path, header, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
public, private = os.environ["PUBLIC"], os.environ["PRIVATE"]
write(f"{public}/train.csv", ["a", "b", "c", "y"], rows[:300])
write(f"{public}/test.csv", ["a", "b", "c"], [row[:3] for row in rows[300:]])
write(f"{private}/labels.csv", ["y"], [row[3:] for row in rows[300:]])
"""


@pytest.fixture
def wine(hub: HubServer, tmp_path: Path) -> Callable[[str], Path]:
    """Writes a challenge whose data is on the Hub."""
    lines = [f"{(7 * n) % 11 / 11},{(3 * n) % 7 / 7},{n % 5},{(7 * n) % 11 / 11 * 2:.4f}" for n in range(600)]
    body = gzip.compress(("a,b,c,y\n" + "\n".join(lines) + "\n").encode())

    def write(repo_id: str) -> Path:
        sha = hub.add(repo_id, {"data/wine.csv.gz": body, "wine.py": b"raise SystemExit"}, licence="cc0-1.0")
        challenge: Challenge = challenges.table_spec("wine")
        challenge.dataset = of_hub(repo_id, sha, "data/wine.csv.gz")
        challenge.dataset.licence = "cc0-1.0"
        files = {"workspace/train.py": challenges.TRAIN, "grader/prepare.py": PREPARE}
        files["grader/reference/train.py"] = challenges.TRAIN.replace("KEEP = 1", "KEEP = 3")
        challenges.write(tmp_path, challenge, files)
        return tmp_path

    return write


def test_a_challenge_of_the_hub_is_played(
    hub: HubServer, wine: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("bubblewrap")
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    env = ChallengeEnv(str(wine("somebody/wine")), "wine", sandbox="bubblewrap")
    env.reset(seed=0)
    observation, *_ = env.step("env; ls data; cat /proc/self/mounts; head -2 data/train.csv")
    assert "hf_secret" not in observation
    assert "test.csv" in observation
    _, _, _, _, info = env.step("python train.py && validate")
    env.close()
    assert info["scores"]


def test_prepare_py_says_what_the_hub_refuses(wine: Callable[[str], Path], hub: HubServer) -> None:
    needs("bubblewrap")
    folder = wine("somebody/gone")
    hub.rename("somebody/gone", "somebody/else")
    hub._moved.clear()
    env = ChallengeEnv(str(folder), "wine", sandbox="bubblewrap")
    with pytest.raises(HubRefused, match=r"wine: its data cannot be had: somebody/gone: .* renamed"):
        env.reset(seed=0)
    env.close()


def test_the_client_is_loaded_only_where_it_is_needed(tmp_path: Path) -> None:
    code = (
        "import sys, synthgym, synthgym.registry.data, synthgym.envs.workspace\n"
        "import json; print(json.dumps([name for name in ('huggingface_hub', 'tenacity') if name in sys.modules]))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ))
    assert json.loads(run.stdout) == [], run.stderr
