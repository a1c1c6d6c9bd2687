"""Options that take several values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_tools import Run
from typer.main import get_command

from synthgym.cli.main import app
from synthgym.cli.shared.lists import spread

COMMANDS = get_command(app).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("command", "given", "meant"),
    [
        ("rollout", "--envs A B --jobs 2", "--envs A --envs B --jobs 2"),
        ("rollout", "--envs=A B --agent x", "--envs A --envs B --agent x"),
        ("rollout", "--agent x --envs A --envs B C", "--agent x --envs A --envs B --envs C"),
        ("rollout", "--json --envs A B --json", "--json --envs A --envs B --json"),
        ("benchmark", "--agents a=b c --envs A", "--agents a=b --agents c --envs A"),
        ("benchmark", "-j 2 --agents a b", "-j 2 --agents a --agents b"),
        ("aup", "--without a DIR", "--without a DIR"),
        ("aup", "--without a b DIR", "--without a --without b DIR"),
        ("aup", "DIR --without a b", "DIR --without a --without b"),
        ("aup", "--without a --seed 1 DIR", "--without a --seed 1 DIR"),
        ("aup", "--without a b -- DIR", "--without a --without b -- DIR"),
        ("list", "--collection DIR toys/*", "--collection DIR toys/*"),
        ("list", "--collection DIR hf://a/b toys/*", "--collection DIR --collection hf://a/b toys/*"),
        ("export", "A B --out C", "A B --out C"),
        ("synthesize", "--family a b --n 1", "--family a --family b --n 1"),
    ],
)
def test_what_is_meant(command: str, given: str, meant: str) -> None:
    assert spread(COMMANDS[command].params, given.split()) == meant.split()


def test_every_repeatable_option_says_so() -> None:
    for name, command in COMMANDS.items():
        for param in command.params:
            if param.param_type_name == "option" and param.multiple:
                assert param.metavar.endswith("..."), (name, param.opts)


def test_several_environments_agents_and_collections(synthgym: Run, collection: Path, tmp_path: Path) -> None:
    both = ["--envs", "toys/line-v0", "toys/coins-v0", "--collection", collection]
    done = synthgym("rollout", *both, "--agent", "toy_agents:hand_in_the_starter", "--out", tmp_path / "out", "--json")
    assert json.loads(done.stdout)["planned"] == 2
    listed = synthgym("list", "--collection", collection, collection, "toys/*", "--json")
    assert [each["env_id"] for each in json.loads(listed.stdout)] == ["toys/coins-v0", "toys/line-v0"]


def test_none_at_all_is_told(synthgym: Run, tmp_path: Path) -> None:
    for option in ("--agents", "--envs"):
        rest = ["--envs", "x"] if option == "--agents" else ["--agents", "x"]
        told = synthgym("benchmark", *rest, option, "--out", tmp_path / "out", code=2).stderr
        assert f"'{option}' requires an argument" in told
