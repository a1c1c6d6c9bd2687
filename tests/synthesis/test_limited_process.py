"""Strangers' files are read in a process of their own: whatever happens to it costs the challenge, and nothing else."""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from limited_jobs import Do, Read

from synthgym.synthesis.report import CheckFailed
from synthgym.synthesis.verification import limited_process
from synthgym.synthesis.verification.limited_process import Bounds, run_limited

SMALL = Bounds(memory=700 << 20, seconds=2)

BAD = {
    "ask_for_memory": ("prepare", "cannot be looked through in 700 MB of memory"),
    "gather": ("prepare", "cannot be looked through in 700 MB of memory"),
    "go_on": ("prepare", "takes more than 2 seconds of CPU time"),
    "sleep": ("prepare", "takes more than 8 seconds"),
    "kill": ("prepare", "or more memory than there is"),
    "crash": ("prepare", "was ended by SIGSEGV"),
    "leave": ("prepare", "ended before it had"),
    "raise": ("unexpected", "a reader stumbled"),
    "recur": ("unexpected", "RecursionError"),
    "fail": ("leaky", "it leaks"),
    "say_much": ("prepare", "cannot be looked through"),
    "say_no_json": ("unexpected", "TypeError"),
    "write": ("prepare", "was ended by SIGXFSZ|unexpected|File too large"),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", BAD)
def test_whatever_goes_wrong_costs_the_challenge_alone(what: str) -> None:
    check, said = BAD[what]
    begin = time.monotonic()
    with pytest.raises(CheckFailed, match=said) as caught:
        run_limited(Do(what), SMALL)
    assert caught.value.check in (check, "unexpected" if what == "write" else check)
    assert time.monotonic() - begin < 60
    assert run_limited(Do("nothing"), SMALL) == ["nothing"]


def test_it_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-the-host")
    monkeypatch.setenv("HF_TOKEN", "hf-secret-of-the-host")
    limited_process._loop.end()
    told = "\n".join(run_limited(Do("environment")))
    assert "PATH=" in told
    assert "secret-of-the-host" not in told
    assert "HF_TOKEN" not in told


def test_it_is_started_anew_where_it_has_ended() -> None:
    assert run_limited(Do("nothing")) == ["nothing"]
    first = limited_process._loop.process
    assert first
    limited_process._loop.end()
    assert run_limited(Do("nothing")) == ["nothing"]
    assert first.poll() is not None


def test_several_threads_take_turns() -> None:
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(run_limited(Do("nothing")))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["nothing"]] * 8


def test_a_fork_has_one_of_its_own() -> None:
    run_limited(Do("nothing"))
    pid = os.fork()
    if pid == 0:
        own = False
        try:
            own = limited_process._loop.process is None and run_limited(Do("nothing")) == ["nothing"]
            limited_process._loop.end()
        finally:
            os._exit(0 if own else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert run_limited(Do("nothing")) == ["nothing"]


def left(session: int) -> list[str]:
    """Processes of a session that live."""
    found = subprocess.run(["ps", "-o", "stat=", "-s", str(session)], stdout=subprocess.PIPE, text=True).stdout.split()
    return [state for state in found if state[0] != "Z"]


def ends(session: int) -> None:
    """Nothing of it is left, once the kernel has ended what was killed."""
    deadline = time.monotonic() + 20
    while left(session) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left(session) == []


OWNER = """
import os, threading, time
from limited_jobs import Do
from synthgym.synthesis.verification import limited_process
threading.Thread(target=lambda: limited_process.run_limited(Do("sleep")), daemon=True).start()
while not limited_process._loop.process: time.sleep(0.01)
time.sleep(3)
print(limited_process._loop.process.pid, flush=True)
time.sleep(600)
"""


def test_nothing_of_it_is_left_where_its_owner_is_killed() -> None:
    path = f"import sys; sys.path[:] = {sys.path!r}\n"
    owner = subprocess.Popen([sys.executable, "-c", path + OWNER], stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    session = int(owner.stdout.readline())
    assert len(left(session)) == 2  # it, and its copy at work
    owner.kill()
    owner.wait()
    ends(session)


def test_nothing_of_it_is_left_where_a_job_is_interrupted() -> None:
    def interrupt() -> None:
        time.sleep(2)
        os.kill(os.getpid(), signal.SIGINT)

    run_limited(Do("nothing"))
    process = limited_process._loop.process
    assert process
    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        run_limited(Do("sleep"))
    ends(process.pid)
    assert run_limited(Do("nothing")) == ["nothing"]


def array(header: str, data: bytes = bytes(2400), version: int = 1) -> bytes:
    """An array's file with any header."""
    body = header.encode("latin1") + b"\n"
    size = struct.pack("<H", len(body)) if version == 1 else struct.pack("<I", len(body))
    return b"\x93NUMPY" + bytes([version, 0]) + size + body + data


def of(descr: str, shape: str = "(300,)", fortran: str = "False") -> bytes:
    return array(f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}")


def zipped(members: int, size: int = 0) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(members):
            archive.writestr(f"{number}.csv", bytes(size))
    return file.getvalue()


def short_names(members: int) -> bytes:
    """A zip that lists so many members, all the same one: a list of megabytes, made at once."""
    local = b"PK\3\4" + bytes(22) + struct.pack("<HH", 1, 0) + b"a"
    entry = b"PK\1\2" + bytes(24) + struct.pack("<HHH", 1, 0, 0) + bytes(12) + b"a"
    listed = min(members, 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, listed, listed, len(entry) * members, len(local), 0)
    return local + entry * members + end


def says_again(times: int) -> bytes:
    """A pickle of kilobytes whose texts are of gigabytes: one text of a megabyte, said again and again."""
    text = b"x" * (1 << 20)
    return b"\x80\x04X" + struct.pack("<I", len(text)) + text + b"q\0" + b"0h\0" * times + b"."


HOSTILE: dict[str, Callable[[], bytes]] = {
    "a header that nests": lambda: array("(" * 5000 + ")" * 5000),
    "a header of signs": lambda: array("-" * 9000 + "1"),
    "a header of brackets": lambda: array("[" * 9000, version=2),
    "a header of 1 GB": lambda: b"\x93NUMPY\x02\x00" + b"\xff" * 4 + b"{}",
    "a header that is not closed": lambda: array("{'descr': '<f8', 'shape': (3"),
    "a header with a number of many digits": lambda: of("'<f8'", f"({'9' * 5000},)"),
    "a header of an old version": lambda: array("{}", version=9),
    "a shape below zero": lambda: of("'<f8'", "(-1, -300)"),
    "a shape of truth values": lambda: of("'<f8'", "(True, 300)"),
    "a shape of texts": lambda: of("'<f8'", "('300',)"),
    "a shape of 100 dimensions": lambda: of("'<f8'", "(300," + "1," * 99 + ")"),
    "a shape of exabytes": lambda: of("'<f8'", "(10**18,)"),
    "objects": lambda: of("'|O'"),
    "objects in a field": lambda: of("[('a', '|O'), ('b', '<f8')]"),
    "a type of nothing": lambda: of("'|V0'"),
    "a type that is none": lambda: of("'nonsense'"),
    "a type of 2 GB": lambda: of("'|S2147483647'"),
    "a field of a type that is none": lambda: of("[('a', [])]"),
    "fields of one name": lambda: of("[('a', '<f4'), ('a', '<f4')]"),
    "text beyond Unicode": lambda: array("{'descr': '<U2', 'fortran_order': False, 'shape': (300,), }", b"\xff" * 2400),
    "times without end": lambda: array(
        "{'descr': '<M8[Y]', 'fortran_order': False, 'shape': (300,), }", b"\x7f" * 2400
    ),
    "a pickle that says it again": lambda: says_again(500_000),
    "a pickle with a large place": lambda: b"\x80\x04K\x01r\xff\xff\xff\x7f.",
    "a pickle of a long text that is not there": lambda: b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7f" + b".",
    "a pickle of a long number": lambda: b"\x80\x04\x8b" + struct.pack("<i", 1 << 20) + b"\x7f" * (1 << 20) + b".",
    "a pickle of a number of digits": lambda: b"\x80\x02L" + b"9" * 1_000_000 + b"L\n.",
    "a zip of 300,000 members": lambda: short_names(300_000),
    "a zip bomb": lambda: zipped(64, 16 << 20),
    "a zip of empty files": lambda: zipped(5000),
    "a zip that ends": lambda: zipped(3)[:-10],
    "a gzip bomb": lambda: gzip.compress(bytes(256 << 20), 1),
    "JSON that nests": lambda: b"[" * 200_000,
    "JSON that nests and ends": lambda: b"[" * 900 + b"1" + b"]" * 900,
    "JSON of a long number": lambda: b"[" + b"9" * 100_000 + b"]",
    "JSON of odd numbers": lambda: b'[{"a": NaN, "b": 1e999}, {"a": -Infinity, "b": 1}]',
    "JSON of 4 million cells": lambda: b"[" + b"0," * 3_999_999 + b"0]",
    "JSON of odd keys": lambda: json.dumps({chr(n): {chr(m): m for m in range(200)} for n in range(200)}).encode(),
    "a table of one long row": lambda: b"a," * 4_000_000 + b"\n1\n",
    "a table of one long cell": lambda: b"a,b\n" + b"x" * (32 << 20) + b",1\n",
    "a table of quotes": lambda: b'"' * (4 << 20),
    "a table of NUL": lambda: bytes(4 << 20),
    "letters without end": lambda: b"QUJD" * (8 << 20),
    "digits without end": lambda: b"deadbeef" * (2 << 20),
    "an xz of 4 GB of dictionary": lambda: b"]\x00\x00\xff\xff" + b"\xff" * 8 + bytes(100),
}


@pytest.mark.sample(3)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_file_is_no_table_and_no_end_of_the_run(tmp_path: Path, hostile: str) -> None:
    (tmp_path / "file").write_bytes(HOSTILE[hostile]())
    (tmp_path / "honest.csv").write_text("a,b\n" + "1,2\n" * 300)
    begin = time.monotonic()
    tables, held, _ = run_limited(Read(tmp_path), Bounds(memory=2 << 30, seconds=60))
    assert tables >= 1
    assert held < 1 << 29
    assert time.monotonic() - begin < 60


def test_fields_of_several_numbers_are_columns(tmp_path: Path) -> None:
    made = np.zeros(300, dtype=[("a", "<f8"), ("b", "<f4", (3,)), ("c", "<i4")])
    np.save(tmp_path / "fields.npy", made)
    assert run_limited(Read(tmp_path))[0] == 1


def test_an_honest_pickle_is_read(tmp_path: Path) -> None:
    (tmp_path / "labels.pkl").write_bytes(pickle.dumps([str(number) for number in range(300)]))
    assert run_limited(Read(tmp_path))[1] > 3 * 300
