"""An agent's code is known by a hash; when it changes that is told, and episodes can be run anew."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from synthgym.agents.rollout import rollout
from synthgym.agents.source import source_hash
from synthgym.agents.specs import parse_spec
from synthgym.agents.trajectories.store import Store
from synthgym.base.errors import OutputFolderError

AGENT = """
from helper_of_it import GOAL

class Mine:
    name = "mine"

    def __call__(self, observation, info):
        return "submit" if info["step"] else f"score {GOAL}"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "code"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def write(folder: Path, agent: str = AGENT, helper: str = "GOAL = 0.5\n") -> None:
    """Other code under the same name, as a new process would import it."""
    (folder / "agent_of_mine.py").write_text(agent)
    (folder / "helper_of_it.py").write_text(helper)
    for name in ("agent_of_mine", "helper_of_it"):
        sys.modules.pop(name, None)
    sys.path_importer_cache.clear()


def now(folder: Path) -> str:
    return parse_spec("agent_of_mine:Mine").source


def test_the_module_and_what_it_imports_from_beside_it_count(folder: Path) -> None:
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        write(folder)
        first = now(folder)
        assert len(first) == 16
        write(folder)
        assert now(folder) == first
        write(folder, AGENT + "# other\n")
        assert now(folder) != first
        write(folder, helper="GOAL = 0.7\n")
        assert now(folder) != first
    finally:
        sys.dont_write_bytecode = before


def test_of_a_model_what_it_is_asked_with_counts() -> None:
    first = parse_spec("m=chat:m@http://a/v1?temperature=0").source
    assert first == parse_spec("n=chat:m@http://b:8000/v1?temperature=0").source
    assert first != parse_spec("m=chat:m@http://a/v1?temperature=1").source
    assert first != parse_spec("m=chat:other@http://a/v1?temperature=0").source
    assert parse_spec("scripted").source == parse_spec("scripted").source != ""


SCRIPT = """
import sys
from synthgym.agents.source import source_hash

GOAL = {goal}
WORDS = {{"a", "b", "c"}}

def helper():
    return [GOAL for _ in WORDS]

class Agent:
    limit = 3

    @property
    def more(self):
        return helper()

    def __call__(self, observation, info):
        return str(self.more)

unused = {unused}
print(source_hash(Agent), source_hash(Agent()), source_hash(lambda o, i: helper()), source_hash(print))
"""


def hashes(goal: float, unused: int = 0, *, typed: bool = False) -> list[str]:
    text = SCRIPT.format(goal=goal, unused=unused)
    arguments = ["-c", text] if typed else ["-"]
    done = subprocess.run([sys.executable, *arguments], input=text, capture_output=True, text=True, check=True)
    return done.stdout.split(" ")


@pytest.mark.parametrize("typed", [False, True])
def test_of_a_script_what_the_agent_uses_counts(typed: bool) -> None:
    agent, instance, function, builtin = hashes(0.5, typed=typed)
    assert agent == instance != function
    assert builtin == "\n"
    assert hashes(0.5, unused=1, typed=typed)[0] == agent, "how many episodes are run is no change of the agent"
    assert hashes(0.6, typed=typed)[0] != agent
    assert hashes(0.6, typed=typed)[2] != function


def run(folder: Path, out: Path, episodes: int = 2, **more: bool) -> tuple[int, int, list[str]]:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        summary = rollout(["toy/one-v0"], "agent_of_mine:Mine", out=out, episodes=episodes, **more)
    return summary.resumed, summary.finished, [str(each.message) for each in told]


def test_a_change_is_told_and_fresh_runs_anew(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        write(folder)
        assert run(folder, out) == (0, 2, [])
        first = now(folder)
        assert run(folder, out, fresh=True) == (2, 0, []), "nothing has changed"
        write(folder, AGENT.replace("{GOAL}", "0.8"))
        resumed, finished, (told,) = run(folder, out, episodes=3)
        assert (resumed, finished) == (2, 1)
        assert f"the code of agent 'mine' has changed (source {first} before, {now(folder)} now); 2 of its" in told
        assert "--fresh" in told
        assert sorted(record.agent_hash == first for record in Store(out)) == [False, True, True]
        assert run(folder, out, episodes=3, fresh=True) == (1, 2, [])
        assert {record.agent_hash for record in Store(out)} == {now(folder)}
        assert len(list(Store(out))) == 3
        assert (out / "retried.jsonl").read_bytes().count(b"\n") == 2, "what was run again is kept"
    finally:
        sys.dont_write_bytecode = before


def test_fresh_runs_a_challenge_that_changed_anew(tmp_path: Path) -> None:
    import gymnasium

    def of(content: str, fresh: bool = False) -> int:
        gymnasium.registry.pop("toy/moving-v0", None)
        gymnasium.register(id="toy/moving-v0", entry_point="toy_env:ToyEnv", kwargs={"content_hash": content})
        return rollout(["toy/moving-v0"], "toy_agents:quitter", out=tmp_path / "out", fresh=fresh).finished

    assert of("old") == 1
    with pytest.raises(OutputFolderError, match="fresh"):
        of("new")
    assert of("new", fresh=True) == 1
    assert [record.challenge_hash for record in Store(tmp_path / "out")] == ["new"]


def test_packages_count_as_far_as_they_are_the_agents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "of_mine" / "agents"
    package.mkdir(parents=True)
    (tmp_path / "of_mine" / "other.py").write_text("")
    (package / "words.py").write_text("HELLO = 1\n")
    (package / "__init__.py").write_text("")
    (package / "mine.py").write_text(
        "import json\nfrom .words import HELLO\nfrom .. import other\ndef agent(o, i): ...\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    first = parse_spec("of_mine.agents.mine:agent").source
    (tmp_path / "of_mine" / "other.py").write_text("X = 1\n")
    assert parse_spec("of_mine.agents.mine:agent").source == first
    (package / "words.py").write_text("HELLO = 2\n")
    assert parse_spec("of_mine.agents.mine:agent").source != first


def test_nothing_is_known_of_what_has_no_source() -> None:
    assert source_hash(len) == ""
