"""What worker processes run may come from a script, a notebook or a prompt. Each test is a real script."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from synthgym.base.errors import UserError
from synthgym.base.jobs.pickling import pack, without_main

SCRIPT = """
import os
print("the script begins")

FACTOR = 3

def times(n):
    return n * FACTOR

class Work:
    def __call__(self, n):
        return times(n)

from synthgym.base.jobs.pools import run_jobs
GUARD:
    print(sorted(outcome.unwrap() for outcome in run_jobs(WORK, range(4), workers=2)))
"""
LOCKED = SCRIPT.replace("FACTOR = 3", "import threading; FACTOR = 3; LOCK = threading.Lock()").replace(
    "return n * FACTOR", "\n    with LOCK: return n * FACTOR"
)
GUARDED = 'if __name__ == "__main__"'


def script(text: str, work: str = "Work()", guard: str = "if True") -> str:
    return text.replace("WORK", work).replace("GUARD", guard)


def run(*arguments: str, stdin: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], input=stdin, cwd=cwd, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("work", ["Work()", "times", "lambda n: times(n)"])
def test_a_script_without_a_main_guard(tmp_path: Path, work: str) -> None:
    (tmp_path / "work.py").write_text(script(SCRIPT, work))
    done = run("work.py", cwd=tmp_path)
    assert done.stdout.splitlines() == ["the script begins", "[0, 3, 6, 9]"], done.stderr
    assert done.stderr == ""


@pytest.mark.parametrize("how", ["-", "-c", "-m"])
def test_from_standard_input_a_prompt_and_a_module(tmp_path: Path, how: str) -> None:
    (tmp_path / "work.py").write_text(script(SCRIPT))
    arguments = {"-": ["-"], "-c": ["-c", script(SCRIPT)], "-m": ["-m", "work"]}[how]
    done = run(*arguments, stdin=script(SCRIPT), cwd=tmp_path)
    assert done.stdout.splitlines() == ["the script begins", "[0, 3, 6, 9]"], done.stderr


def test_what_cannot_be_sent_is_found_in_a_guarded_script(tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(script(LOCKED, guard=GUARDED))
    done = run("work.py", cwd=tmp_path)
    assert "[0, 3, 6, 9]" in done.stdout.splitlines(), done.stderr


def test_what_cannot_be_sent_from_a_script_without_a_guard_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(script(LOCKED))
    done = run("work.py", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("Traceback") == 1, "the worker processes say nothing of their own"
    told = done.stderr.splitlines()[-1]
    assert "each worker process imports the script" in told
    assert "cannot pickle '_thread.lock' object" in told
    assert 'below if __name__ == "__main__":' in told


def test_what_cannot_be_sent_at_all_is_told_before_a_process_starts() -> None:
    done = run("-", stdin=script(LOCKED))
    assert "cannot be sent to worker processes (cannot pickle '_thread.lock' object)" in done.stderr.splitlines()[-1]
    lock = threading.Lock()
    with pytest.raises(UserError, match="jobs=1"):
        pack(lambda _: lock)


def test_what_is_defined_where_workers_cannot_find_it() -> None:
    made = "import sys, types\nhere = types.ModuleType('nowhere')\nsys.modules['nowhere'] = here\n"
    made += "exec('def work(n): return n', vars(here))\nfrom synthgym.base.jobs.pools import run_jobs\n"
    made += "for outcome in run_jobs(here.work, range(2), workers=2): outcome.unwrap()\n"
    done = run("-c", made)
    assert "a worker process cannot load what it is to run: ModuleNotFoundError" in done.stderr


def test_the_script_is_hidden_and_comes_back() -> None:
    main = sys.modules["__main__"]
    before = (main.__spec__, vars(main).get("__file__"))
    with without_main(), without_main():
        assert main.__spec__ is None
        assert "__file__" not in vars(main)
    assert (main.__spec__, vars(main).get("__file__")) == before
