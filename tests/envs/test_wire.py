"""The direct line between two sandboxes: handed out once, gone with its owner, cleaned up after a dead one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from synthgym.envs.sandboxes.cleanup import cleanup
from synthgym.envs.sandboxes.wire import WIRE_PREFIX, Wire
from synthgym.envs.tools.program_messages import Closed, Line, NoLine, connect


def folders() -> set[str]:
    return {path.name for path in Path(tempfile.gettempdir()).glob(f"{WIRE_PREFIX}*")}


def test_two_ends(tmp_path: Path) -> None:
    before = folders()
    with Wire() as wire:
        one, other = (connect(str(end)) for end in wire.ends)
        assert len(folders() - before) == 1
        for message in (b"", b"a", b"x" * 3_000_000, b"b"):
            sending = threading.Thread(target=one.send, args=[message])
            sending.start()
            assert other.receive(10) == message
            sending.join()
        other.send(b"first")
        other.send(b"second")
        assert [one.receive(1), one.receive(1)] == [b"first", b"second"]
        with pytest.raises(NoLine, match="no line"):
            connect(str(wire.ends[0]))  # each end is handed out once
        with pytest.raises(Closed, match="no answer in time"):
            one.receive(1)
        other.connection.close()
        with pytest.raises(Closed, match="has ended"):
            one.receive(1)
    assert folders() == before


def test_what_is_no_message() -> None:
    one, other = socket.socketpair()
    line = Line(one)
    other.sendall(b"\xff\xff\xff\xff and more")
    with pytest.raises(Closed, match="a message of 4294967299 bytes"):
        line.receive(1)


def test_a_message_that_comes_in_drops() -> None:
    one, other = socket.socketpair()
    line = Line(one)

    def drip() -> None:
        for piece in (b"\0", b"\0\0\x03", b"a", b"bc\0\0\0\0"):
            time.sleep(0.05)
            other.sendall(piece)

    dripping = threading.Thread(target=drip)
    dripping.start()
    assert line.receive(5) == b"abc"
    assert line.receive(5) == b""
    dripping.join()


def test_a_killed_owners_folder_is_cleaned_up() -> None:
    code = "from synthgym.envs.sandboxes.wire import Wire; Wire().__enter__(); print('there', flush=True); input()"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "there\n"
    mine = {name for name in folders() if name.startswith(f"{WIRE_PREFIX}{process.pid}-")}
    assert len(mine) == 1
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert cleanup()["temporary folders"] >= 1
    assert not mine & folders()
