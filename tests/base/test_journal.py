"""Steps that are done once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from synthgym.base.files.journal import Journal


def test_a_step_is_done_once(tmp_path: Path) -> None:
    done = []
    for _ in range(3):
        with closing(Journal(tmp_path / "j")) as journal:
            for name in ("a", "b", "a"):
                assert journal.once(name, lambda name=name: done.append(name) or {"n": (1, name)}) == {"n": [1, name]}
            assert [key for key, _ in journal.items()] == ["a", "b"]
            assert "a" in journal
            assert "c" not in journal
    assert done == ["a", "b"]


def test_a_step_that_raises_is_done_again(tmp_path: Path) -> None:
    with closing(Journal(tmp_path / "j")) as journal:
        with pytest.raises(ZeroDivisionError):
            journal.once("a", lambda: 1 // 0)
        with pytest.raises(TypeError):
            journal.once("b", object)
        assert journal.once("a", lambda: 2) == 2
        assert len((tmp_path / "j").read_text().splitlines()) == 1


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_torn_line_is_cut_off(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "j"
    with closing(Journal(path)) as journal:
        journal.once("a", lambda: "first")
        journal.once("b", lambda: "second\nline")
    path.write_bytes(path.read_bytes()[:-cut])
    with closing(Journal(path)) as journal:
        assert journal.once("a", lambda: "again") == "first"
        assert journal.once("b", lambda: "again") == "again"
    assert [json.loads(line)["value"] for line in path.read_text().splitlines()] == ["first", "again"]


def test_threads(tmp_path: Path) -> None:
    with closing(Journal(tmp_path / "j")) as journal:
        threads = [
            threading.Thread(target=lambda t=t: [journal.once(f"{t}/{i}", lambda: "x" * 5000) for i in range(50)])
            for t in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with closing(Journal(tmp_path / "j")) as journal:
        assert len(list(journal.items())) == 400
        assert len(list(journal.items("3/"))) == 50


WRITER = """
import sys
from pathlib import Path
from synthgym.base.files.journal import Journal
journal = Journal(Path(sys.argv[1]))
for number in range(10**6):
    journal.once(str(number), lambda: "x" * 3000)
    print(number, flush=True)
"""


def test_what_once_returned_outlives_a_kill(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "j")], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.readline()
    time.sleep(0.2)
    os.kill(process.pid, signal.SIGKILL)
    said += process.stdout.read()
    process.wait()
    last = int(said.split()[-1])
    with closing(Journal(tmp_path / "j")) as journal:
        assert all(str(number) in journal for number in range(last + 1))
