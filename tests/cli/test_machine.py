"""`doctor`, `cleanup` and `images`: the machine that synthgym runs on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from cli_tools import Run

from synthgym.envs.sandboxes.docker import engine
from synthgym.envs.sandboxes.owner import Owner
from synthgym.registry.images import IMAGES, why_not_installed


def findings(synthgym: Run, code: int = 0, **environment: str) -> dict[str, dict[str, str]]:
    return {each["name"]: each for each in json.loads(synthgym("doctor", "--json", code=code, **environment).stdout)}


def test_doctor_ends_with_what_auto_takes(synthgym: Run) -> None:
    found = findings(synthgym)
    assert list(found)[-1] == "sandbox='auto'"
    from synthgym.envs.sandboxes import choose

    assert found["sandbox='auto'"]["found"] == f"takes {choose()[0]}"
    assert {each["state"] for each in found.values()} <= {"works", "limited", "missing"}
    for each in found.values():
        assert each["advice"] or each["state"] == "works" or each["name"] == "GPUs", each
    text = synthgym("doctor").stdout
    assert all(name in text for name in found)


def test_doctor_says_which_images_can_be_had(synthgym: Run, tmp_path: Path) -> None:
    absent = {name for name, image in IMAGES.items() if not image.containers_only and why_not_installed(name)}
    here = findings(synthgym)
    found = here["bubblewrap's images"]
    assert set(found["found"].split(", ")) == set(IMAGES) - {"gpu"} - absent
    assert (found["state"] == "limited") == bool(absent)
    if "workspace images" in here:
        assert set(here["workspace images"]["found"].split(", ")) <= {*IMAGES, "none"}


def test_doctor_never_prints_a_key(synthgym: Run) -> None:
    text = synthgym("doctor", OPENAI_API_KEY="sk-canary", HF_TOKEN="hf_canary").stdout
    assert "canary" not in text
    assert findings(synthgym, OPENAI_API_KEY="sk-canary")["OPENAI_API_KEY"]["state"] == "works"


def test_doctor_on_a_machine_with_nothing(synthgym: Run, tmp_path: Path) -> None:
    nothing = {"DOCKER_HOST": "unix:///nowhere.sock", "PATH": str(tmp_path)}
    found = findings(synthgym, code=1, **nothing)
    assert found["container engine"]["state"] == "missing"
    assert "/nowhere.sock" in found["container engine"]["advice"]
    assert found["bubblewrap"]["found"] == "not installed"
    assert "apt-get install bubblewrap" in found["bubblewrap"]["advice"]
    assert found["sandbox='auto'"]["state"] == "missing"


OLD_BUBBLEWRAP = """#!/bin/sh
case "$*" in
    --version) echo bubblewrap 0.6.2 ;;
    *) echo "bwrap: Unknown option --disable-userns" >&2; exit 1 ;;
esac
"""


def test_doctor_where_bubblewrap_is_too_old(synthgym: Run) -> None:
    """A program that answers as version 0.6 does, where other users find it too."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        old = Path(folder) / "bwrap"
        old.write_text(OLD_BUBBLEWRAP)
        old.chmod(0o755)
        found = findings(synthgym, code=1, DOCKER_HOST="unix:///nowhere.sock", PATH=f"{folder}:{os.environ['PATH']}")
    assert found["bubblewrap"] == {
        "name": "bubblewrap",
        "state": "missing",
        "found": "bubblewrap 0.6.2",
        "advice": "this bwrap is too old: version 0.8 or newer is needed, for --disable-userns",
    }


def test_cleanup_removes_folders_of_the_dead_only(synthgym: Run, tmp_path: Path) -> None:
    me = Owner.me()
    dead, mine, other = (
        tmp_path / f"synthgym-local-{name}" for name in (f"{me.pid}-1-x", f"{me.pid}-{me.started}-x", "not-ours")
    )
    for folder in (dead, mine, other):
        (folder / "closed").mkdir(parents=True)
        (folder / "closed").chmod(0)
    said = json.loads(synthgym("cleanup", "--json", TMPDIR=str(tmp_path)).stdout)
    assert said["temporary folders"] == 1
    assert (dead.exists(), mine.exists(), other.exists()) == (False, True, True)
    for folder in (mine, other):
        (folder / "closed").chmod(0o755)
    assert "temporary folders: 0 removed" in synthgym("cleanup", TMPDIR=str(tmp_path)).stdout


@pytest.mark.skipif(engine.unavailable() is None, reason="an engine answers here")
def test_images_without_an_engine(synthgym: Run) -> None:
    assert "does not answer" in synthgym("images", "list", code=1).stderr


def test_images_of_an_engine_that_does_not_answer(synthgym: Run) -> None:
    said = synthgym("images", "build", code=1, DOCKER_HOST="unix:///nowhere.sock").stderr
    assert "does not answer" in said
    assert "systemctl start docker" in said


def test_each_image_can_be_built() -> None:
    from synthgym.cli.images import Variant

    assert list(Variant) == list(IMAGES)


def test_images_are_listed(synthgym: Run) -> None:
    if reason := engine.unavailable():
        pytest.skip(reason)
    assert set(json.loads(synthgym("images", "list", "--json").stdout)) == set(IMAGES)


def test_an_owner_is_told_from_all_others() -> None:
    me = Owner.me()
    assert Owner.parse(str(me)) == me
    assert not me.is_gone()
    assert Owner(me.machine, me.pid, "1").is_gone()
    assert not Owner(f"other{me.machine}", me.pid, "1").is_gone()
    assert Owner(me.machine[:-1] + "x", me.pid, me.started).is_gone(), "another boot of this machine"
    for text in ("", "x", "a/b-c", "/1-2", "machine/12-"):
        assert Owner.parse(text) is None
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # dead, and not buried yet
    assert Owner(me.machine, child.pid, "1").is_gone()
    child.wait()
