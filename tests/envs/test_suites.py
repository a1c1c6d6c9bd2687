"""Somebody else's suite: the package of docs/guides/suites.md, installed beside synthgym, registered and played."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from env_fixtures import needs

ROOT = Path(__file__).resolve().parents[2]
PAGE = next((ROOT / "docs").rglob("suites.md")).read_text(encoding="utf-8")
NAMED = re.compile(r"^```python\n# (riddles/\w+\.py)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROJECT = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RIDDLES = {
    "product": {"question": "Six times seven?", "answer": 42},
    "sum": {"question": "Two and three?", "answer": 5},
}

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the installed package, in `site`, and a checkout of the suite, in `checkout`."""
    folder = tmp_path_factory.mktemp("suite")
    project = tomllib.loads(PROJECT.findall(PAGE)[0])["project"]
    modules = NAMED.findall(PAGE)
    assert {name for name, _ in modules} == {"riddles/source.py", "riddles/grading.py", "riddles/rules.py"}
    for name, body in [("riddles/__init__.py", ""), *modules]:
        (folder / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "site" / name).write_text(body)
    installed = folder / "site" / f"{project['name']}-{project['version']}.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
        for group, entries in project["entry-points"].items()
    ]
    (installed / "entry_points.txt").write_text("\n".join(lines))
    (folder / "checkout").mkdir()
    (folder / "checkout" / "riddles.json").write_text(json.dumps(RIDDLES))
    return folder


@pytest.fixture
def run(suite: Path, tmp_path: Path) -> Run:
    """Runs a program where the package is installed; what it prints, read as JSON."""

    def run(program: str, known: bool = True) -> Any:
        given = {"PYTHONPATH": str(suite / "site")}
        if known:
            given["SYNTHGYM_RIDDLES_ROOT"] = str(suite / "checkout")
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            cwd=tmp_path,
            env={**os.environ, **given},
            capture_output=True,
            text=True,
            timeout=200,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_nothing_of_it_is_imported_before_it_is_asked_for(run: Run) -> None:
    loaded = "import json, sys, synthgym; print(json.dumps(sorted(m for m in sys.modules if 'riddles' in m)))"
    assert run(loaded, known=False) == []
    assert run(loaded) == ["riddles", "riddles.source"]


def test_no_suite_of_our_own_is_imported_either(run: Run) -> None:
    assert run("import json, sys, synthgym; print(json.dumps([m for m in sys.modules if 'mlgym' in m]))") == []


def test_its_challenges_are_registered(run: Run, suite: Path) -> None:
    ids = ["riddles/product-v0", "riddles/sum-v0"]
    assert (
        run("import gymnasium, json, synthgym; print(json.dumps([n for n in gymnasium.registry if 'riddles' in n]))")
        == ids
    )
    register = f"synthgym.register({str(suite / 'checkout')!r}, source='riddles')"
    assert run(f"import json, synthgym; print(json.dumps({register}))", known=False) == ids
    in_child = f"""
import subprocess, sys, synthgym
{register}
program = "import gymnasium, json, synthgym; print(json.dumps('riddles/sum-v0' in gymnasium.registry))"
subprocess.run([sys.executable, "-c", program])
"""
    assert run(in_child, known=False) is True


PLAY = """
import json, gymnasium, synthgym
env = gymnasium.make("riddles/sum-v0", sandbox="bubblewrap", disable_env_checker=True{settings})
briefing, first = env.reset(seed=0)
told, *_ = env.step("cat data/question.txt; echo 4 > answer.txt; validate")
bad, *_ = env.step("echo four > answer.txt; submit")
_, reward, terminated, _, info = env.step("echo 5 > answer.txt; submit")
keys = ["score", "improvement", "exit_status", "guess", "validations_left"]
print(json.dumps([briefing, told, bad, reward, terminated, {{k: info[k] for k in keys}}, first["guess"]]))
env.close()
"""


def test_an_episode_by_its_grader_and_rules(run: Run) -> None:
    needs("bubblewrap")
    briefing, told, bad, reward, terminated, info, first = run(PLAY.format(settings=""))
    assert "Write the answer to data/question.txt" in briefing
    assert told.startswith("Two and three?validation score 1")
    assert "the first; 19 validations left" in told
    assert "bad submission: answer.txt: expected a number" in bad
    assert (reward, terminated) == (pytest.approx(0.2), True)
    assert info == {"score": 0, "improvement": 1.0, "exit_status": "submitted", "guess": 5, "validations_left": 19}
    assert first is None


def test_an_episode_by_another_of_its_rules(run: Run) -> None:
    needs("bubblewrap")
    _, told, _, _, _, info, _ = run(PLAY.format(settings=", protocol='riddles', max_steps=7"))
    assert told == "Two and three?wrong"
    assert (info["validations_left"], info["score"]) == (6, 0)


def test_many_at_once(run: Run) -> None:
    needs("bubblewrap")
    many = """
import json, gymnasium, synthgym
envs = gymnasium.make_vec("riddles/product-v0", num_envs=2, sandbox="bubblewrap", protocol="riddles")
envs.reset(seed=0)
told, *_ = envs.step(["echo 42 > answer.txt; validate", "validate"])
print(json.dumps(told))
envs.close()
"""
    assert run(many) == ["right", "wrong"]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("gymnasium.make('riddles/sum-v0', protocol='odd')", "unknown protocol 'odd'; known: riddles"),
        (
            "gymnasium.make('synthgym/{shipped}', protocol='riddles')",
            "protocol 'riddles': only for challenges of a suite",
        ),
        ("synthgym.register('.', source='ridles')", "unknown source of challenges 'ridles'; did you mean 'riddles'?"),
        ("synthgym.register('.', source='riddles')", "riddles.json"),
        ("synthgym.register('.', table='x')", "register: table: only with a source"),
    ],
)
def test_what_is_wrong_is_told(run: Run, made: str, expected: str) -> None:
    program = """
import json, gymnasium, synthgym
from synthgym.errors import UserError
shipped = next(name for name in gymnasium.registry if name.startswith("synthgym/")).rpartition("/")[2]
try:
    eval({made!r}.format(shipped=shipped))
except (UserError, OSError) as error:
    print(json.dumps(str(error)))
"""
    assert expected in run(program.format(made=made))


def test_the_command_line_knows_it(run: Run) -> None:
    listed = run(
        "import sys; sys.argv = ['synthgym', 'list', 'riddles/*', '--json']; import synthgym.cli.main as m; m.main()"
    )
    assert [(each["env_id"], each["kind"], each["verified"]) for each in listed] == [
        ("riddles/product-v0", "riddle", True),
        ("riddles/sum-v0", "riddle", True),
    ]


def test_a_kind_that_nobody_scores_is_refused(run: Run) -> None:
    checked = """
import json
from pydantic import ValidationError
from synthgym.registry.challenge import Submission
Submission(path="a.txt", kind="riddle")
try:
    Submission(path="a.txt", kind="riddel")
except ValidationError as error:
    print(json.dumps(str(error)))
"""
    assert "one of 'file', 'module', 'mlgym', 'riddle'" in run(checked)


NONSENSE = {
    "raises": "raise RuntimeError('boom')",
    "ends the program": "raise SystemExit(3)",
    "nothing": "return None",
    "entries that are none": "return replace(real(place, options), entries=[7])",
    "an entry that no spec could have": "return replace(real(place, options), entries=[ENTRY._replace(version='x')])",
    "a namespace that is none": "return replace(real(place, options), info=CollectionInfo('a/b c', 'A'))",
}


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
def test_a_source_that_makes_no_sense_costs_nobody_else(suite: Path, tmp_path: Path, body: str) -> None:
    shutil.copytree(suite / "site", tmp_path / "site")
    source = tmp_path / "site/riddles/source.py"
    source.write_text(
        source.read_text()
        + f"""
from dataclasses import replace
real = index
def index(place, options):
    ENTRY = real(place, options).entries[0]
    {body}
"""
    )
    program = (
        "import gymnasium, synthgym; print(sorted({name.split('/')[0] for name in gymnasium.registry if '/' in name}))"
    )
    given = {"PYTHONPATH": str(tmp_path / "site"), "SYNTHGYM_RIDDLES_ROOT": str(suite / "checkout")}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env={**os.environ, **given}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "synthgym" in done.stdout
    assert "riddles" not in done.stdout
    assert "source of challenges 'riddles'" in done.stderr


def test_tasks_that_cannot_be_read_begin_no_synthesis(tmp_path: Path) -> None:
    installed = tmp_path / "site/odd-1.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Name: odd\nVersion: 1\n")
    (installed / "entry_points.txt").write_text("[synthgym.tasks]\nodd = not_installed_anywhere:TASKS\n")
    done = subprocess.run(
        [sys.executable, "-m", "synthgym", "synthesize", "--author", "procedural", "--n", "1", "--out", "out"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "suite of tasks 'odd': cannot be imported" in done.stderr
    assert not (tmp_path / "out").exists()
