from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from synthgym.base.errors import UnknownNameError, UserError
from synthgym.base.jobs.pools import Workers, run_jobs
from synthgym.base.jobs.worker import WorkerDied

# Worker processes import jobs by name; test modules have none that they could find (importmode importlib).
MODULE = """
import os, signal, time
from pathlib import Path
from synthgym.base.errors import UnknownNameError

def square(n): return n * n

def pid(_):
    time.sleep(0.2)
    return os.getpid()

def troubled(n):
    if n == 1: os.kill(os.getpid(), signal.SIGKILL)
    if n == 2: raise UnknownNameError("thing", "wnie", ["wine"])
    if n == 3: return lambda: None
    if n == 4: os._exit(7)
    return n

def cleans_up(folder):
    mark = Path(folder) / f"mark-{os.getpid()}"
    mark.write_text("")
    try:
        time.sleep(60)
    finally:
        mark.unlink()

def quick_or_long(folder):
    return folder if folder == "quick" else cleans_up(folder)

def stubborn(folder):
    (Path(folder) / f"mark-{os.getpid()}").write_text("")
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass
"""


@pytest.fixture(autouse=True)
def jobs_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "pool_jobs.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "pool_jobs", raising=False)


def test_one_worker_runs_in_this_process_lazily() -> None:
    taken: list[int] = []

    def jobs() -> Iterator[int]:
        for n in range(3):
            taken.append(n)
            yield n

    results = run_jobs(lambda n: (os.getpid(), n * n), jobs())
    assert next(results).unwrap() == (os.getpid(), 0)
    assert taken == [0]
    assert [outcome.unwrap()[1] for outcome in results] == [1, 4]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_stays_with_its_job(workers: int) -> None:
    import pool_jobs

    outcomes = {o.job: o for o in run_jobs(pool_jobs.troubled, [0, 2, 5], workers)}
    assert outcomes[0].unwrap() == 0
    assert outcomes[5].unwrap() == 5
    error = outcomes[2].error
    assert isinstance(error, UserError)
    assert "did you mean 'wine'" in str(error)
    if workers == 2:
        assert not isinstance(error, UnknownNameError)  # cannot be pickled: its nearest class that can
        assert "pool_jobs.py" in error.__notes__[0]


def test_many_jobs_over_few_processes() -> None:
    import pool_jobs

    assert sorted(o.unwrap() for o in run_jobs(pool_jobs.square, range(50), 2)) == [n * n for n in range(50)]
    assert len({o.unwrap() for o in run_jobs(pool_jobs.pid, range(6), 2)}) == 2


def test_a_killed_worker_is_an_error_of_its_job_only() -> None:
    import pool_jobs

    outcomes = {o.job: o for o in run_jobs(pool_jobs.troubled, range(8), 2)}
    assert isinstance(outcomes[1].error, WorkerDied)
    assert "SIGKILL (out of memory?)" in str(outcomes[1].error)
    assert "lambda" in str(outcomes[3].error)
    assert "exit status 7" in str(outcomes[4].error)
    assert [n for n in range(8) if outcomes[n].error is None] == [0, 5, 6, 7]


def test_leaving_early_ends_the_workers_after_their_clean_up(tmp_path: Path) -> None:
    import pool_jobs

    outcomes = run_jobs(pool_jobs.quick_or_long, ["quick", str(tmp_path)], 2)
    next(outcomes)
    _wait_for(lambda: any(tmp_path.glob("mark-*")))
    outcomes.close()  # type: ignore[attr-defined]
    assert not list(tmp_path.glob("mark-*"))


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import pool_jobs
from synthgym.base.jobs.pools import run_jobs
if __name__ == "__main__":
    try:
        list(run_jobs(getattr(pool_jobs, sys.argv[3]), [sys.argv[2]] * 2, 2))
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        sys.exit(130)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("job", "number", "code"),
    [
        ("cleans_up", signal.SIGINT, 130),
        ("cleans_up", signal.SIGKILL, -signal.SIGKILL),
        ("stubborn", signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_no_worker_outlives_its_parent(tmp_path: Path, job: str, number: int, code: int) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    marks = tmp_path / "marks"
    marks.mkdir()
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "modules"), str(marks), job],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    _wait_for(lambda: len(list(marks.iterdir())) == 2)
    family = psutil.Process(process.pid).children(recursive=True)
    assert len(family) >= 2
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal does
    else:
        os.kill(process.pid, number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == code
    assert errors == ""
    _, alive = psutil.wait_procs(family, timeout=6)
    assert not alive
    if job == "cleans_up":
        assert not list(marks.iterdir())


def _wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def test_workers_are_shared_by_threads() -> None:
    import pool_jobs

    with Workers(pool_jobs.square, 2) as workers, ThreadPoolExecutor(6) as threads:
        assert list(threads.map(workers.call, range(20))) == [number * number for number in range(20)]


def test_a_worker_that_dies_or_raises_fails_one_call() -> None:
    import pool_jobs

    with Workers(pool_jobs.troubled, 1) as workers:
        for number, error in ((2, UserError), (1, WorkerDied), (4, WorkerDied)):
            with pytest.raises(error):
                workers.call(number)
            assert workers.call(7) == 7


def test_closing_ends_a_call_in_another_thread(tmp_path: Path) -> None:
    import pool_jobs

    workers = Workers(pool_jobs.cleans_up, 1)
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(workers.call, str(tmp_path))
        while not list(tmp_path.glob("mark-*")):
            time.sleep(0.02)
        workers.close()
        with pytest.raises(WorkerDied):
            call.result(20)
    assert not list(tmp_path.glob("mark-*"))
