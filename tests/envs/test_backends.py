"""Backends by name: ours, and those of a package of somebody's, which is one file and an entry point."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from env_fixtures import AGENT, BACKENDS, needs

from synthgym.base.errors import MissingDependencyError, UnknownNameError, UserError
from synthgym.envs.sandboxes import backend_of, has_backend, open_sandbox, resolve_sandbox
from synthgym.envs.sandboxes.backends import backends, names
from synthgym.envs.sandboxes.base import Setup

PAGE = Path(__file__).parents[2] / "docs" / "guides" / "sandboxes.md"

BROKEN = """
from toy_sandbox import ToySandbox


class BrokenSandbox(ToySandbox):
    name = "broken"

    def start(self):
        if self._link is None:  # a reset that resets nothing
            super().start()

    def read(self, path, max_bytes):
        return super().read(path, 10**9)
"""

EPISODE = """
import gymnasium, synthgym
name = min(each for each in gymnasium.registry if each.startswith("synthgym/"))
env = gymnasium.make(name, sandbox="toy")
env.reset(seed=0)
kind = type(env.unwrapped._box).__name__
folder = env.step("pwd")[0]
terminated = env.step("submit")[2]
env.close()
print(kind, folder == "/home/agent/workspace", terminated)
"""


def package(folder: Path, distribution: str, points: str, **modules: str) -> None:
    """Lays a package out as an installer does: modules, and a folder that says what they are."""
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    about = folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[synthgym.sandboxes]\n{points}\n")


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A folder with the package that docs/guides/sandboxes.md shows, to be put on a path."""
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (code,) = (block for block in blocks if "class ToySandbox" in block)
    package(tmp_path, "toy-sandbox", "toy = toy_sandbox:ToySandbox", toy_sandbox=code)
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs Python where a folder of packages is installed too."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=280)


def doctor(folder: Path, *arguments: str, code: int = 0) -> dict[str, dict[str, str]]:
    """What `synthgym doctor` found, by name."""
    done = run(folder, "-m", "synthgym", "doctor", "--json", *arguments)
    assert done.returncode == code, done.stdout[-3000:] + done.stderr
    return {each["name"]: each for each in json.loads(done.stdout)}


def test_an_episode_is_played_on_a_backend_of_somebodys(toy: Path) -> None:
    needs("bubblewrap")
    done = run(toy, "-c", EPISODE)
    assert done.stdout == "ToySandbox True True\n", done.stderr
    assert doctor(toy)["sandbox 'toy'"]["state"] == "works"


@pytest.mark.slow
def test_every_check_passes_on_it(toy: Path) -> None:
    needs("bubblewrap")
    found = doctor(toy, "--sandbox", "toy")
    assert {each["state"] for each in found.values()} == {"works"}, found
    assert len(found) > 80
    assert "does not promise to isolate" in found["sandbox 'toy'"]["advice"]


def test_what_a_broken_one_does_wrong_is_told(toy: Path) -> None:
    needs("bubblewrap")
    package(toy, "broken-sandbox", "broken = broken_sandbox:BrokenSandbox", broken_sandbox=BROKEN)
    found = doctor(toy, "--sandbox", "broken", "--check", "start", code=1)
    assert found["life: it starts and runs a command"]["state"] == "works"
    assert found["life: a new start is a reset"]["state"] == "missing"
    assert (
        "expected ['.:'], got ['/home/agent/c', '/tmp/b', '.:', 'a', '5']"
        in found["life: a new start is a reset"]["found"]
    )
    assert found["sandbox 'broken'"]["state"] == "missing"
    found = doctor(toy, "--sandbox", "broken", "--check", "read and write", code=1)
    assert "expected BadSubmission that says 'larger than'" in found["files: read and write"]["found"]
    said = run(toy, "-m", "synthgym", "doctor", "--sandbox", "broken", "--check", "read and write")
    assert (said.returncode, said.stderr) == (1, "")
    assert [line[:1] for line in said.stdout.splitlines()][:2] == ["✓", "–"]


def test_one_that_does_not_start_is_not_tried_further(toy: Path) -> None:
    text = "from toy_sandbox import ToySandbox\nclass Dead(ToySandbox):\n    name = 'dead'\n"
    text += "    def _launch(self, settings):\n        raise OSError('no such machine')\n"
    package(toy, "dead-sandbox", "dead = dead_sandbox:Dead", dead_sandbox=text)
    found = doctor(toy, "--sandbox", "dead", code=1)
    assert len(found) == 2
    assert "cannot start: no such machine" in found["life: it starts and runs a command"]["found"]
    assert "others were not made" in found["sandbox 'dead'"]["found"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import no_such_module", "odd_sandbox:Odd of odd-sandbox cannot be imported: ModuleNotFoundError"),
        ("Odd = 3", "expected a class made of synthgym.envs.sandboxes.base.Sandbox, got 3"),
        (
            "from synthgym.envs.sandboxes.base import Sandbox\nclass Odd(Sandbox):\n    name = 'odd'",
            "its methods __init__, channel, close, interrupt, names, read, run, start, write are missing",
        ),
        ("from toy_sandbox import ToySandbox as Odd", "expected a class that says name = 'odd', got 'toy'"),
    ],
)
def test_what_is_no_backend_is_said_where_it_is_asked_for_and_harms_no_other(toy: Path, text: str, said: str) -> None:
    package(toy, "odd-sandbox", "odd = odd_sandbox:Odd", odd_sandbox=text)
    done = run(toy, "-m", "synthgym", "doctor", "--sandbox", "odd")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    found = doctor(toy)
    assert said in found["sandbox 'odd'"]["advice"]
    assert found["sandbox='auto'"]["state"] == "works"


def test_two_packages_that_claim_one_name(toy: Path) -> None:
    package(toy, "other", "toy = other:Other\nlocal = other:Other", other="")
    for name, said in {"toy": "other and toy-sandbox each register one", "local": "other and synthgym each"}.items():
        done = run(toy, "-m", "synthgym", "doctor", "--sandbox", name)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_an_unknown_name_says_which_there_are(toy: Path) -> None:
    done = run(toy, "-m", "synthgym", "doctor", "--sandbox", "zzz")
    assert done.returncode == 2
    assert "known: auto, bubblewrap, docker, local, swerex:CONFIG.yaml, toy" in done.stderr
    with pytest.raises(UnknownNameError, match="bubblewrap"):
        open_sandbox("buble", Setup(AGENT))
    for name in ("local:x", "bubblewrap:x", "swerex", "swerex:"):
        with pytest.raises(UnknownNameError):
            resolve_sandbox(name)
    with pytest.raises(UserError, match=r"expected one of docker, bubblewrap.*got None"):
        resolve_sandbox(None)  # type: ignore[arg-type]


def test_ours_are_registered_as_anybodys(tmp_path: Path) -> None:
    assert {"bubblewrap", "docker", "local", "swerex"} <= set(BACKENDS) <= set(names())
    assert list(backends()[0])[:2] == ["docker", "bubblewrap"], "as auto asks them"
    done = run(tmp_path, "-c", "import sys, synthgym; print([m for m in sys.modules if '.sandboxes' in m])")
    assert done.stdout == "[]\n", "none is imported before it is asked for"


def test_what_its_class_says_is_what_a_backend_can_do(sandbox_name: Callable[[str], str]) -> None:
    assert [name for name in BACKENDS if backend_of(name).isolates] == ["bubblewrap", "docker"]
    assert [name for name in BACKENDS if not backend_of(name).shares_folders] == ["swerex"]
    assert backend_of("docker").brings_image("some/image:1")
    assert not backend_of("docker").brings_image("")
    assert has_backend("local")
    assert not has_backend("docker:some/image:1")
    assert not has_backend("nothing")


def test_an_installation_that_is_older_than_the_code(tmp_path: Path) -> None:
    """Its metadata names no backends: that is said, with what to do."""
    about = tmp_path / "synthgym-0.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: synthgym\nVersion: 0.0\n")
    done = run(tmp_path, "-m", "synthgym", "doctor", "--sandbox", "local")
    assert done.returncode == 2
    assert "older than its code" in done.stderr


def test_auto_never_means_local(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from synthgym.envs.sandboxes.bubblewrap import sandbox as bubblewrap

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere.sock")
    bubblewrap.unavailable.cache_clear()
    try:
        with pytest.raises(MissingDependencyError, match=r"nowhere.sock.*bwrap is missing.*sandbox='local'"):
            resolve_sandbox("auto")
    finally:
        bubblewrap.unavailable.cache_clear()
