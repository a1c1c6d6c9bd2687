"""Abusing the socket that `validate` and `submit` use, and the link between the supervisor and the host."""

from __future__ import annotations

import dataclasses
import json
import os
import resource
import struct
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from env_fixtures import AGENT, LIMITS, has_cgroups

from synthgym.base.errors import BadSubmission, SandboxError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.sandboxes import supervised
from synthgym.envs.sandboxes.base import Limits, Reply, Sandbox, Setup
from synthgym.envs.sandboxes.connection import ProcessConnection, launch
from synthgym.envs.sandboxes.supervised import SupervisedSandbox

HEAD = """
import os, socket, struct, sys, threading, time
NAME = "\\0" + os.environ["SYNTHGYM_CHANNEL"]
def connect():
    s = socket.socket(socket.AF_UNIX); s.settimeout(3); s.connect(NAME); return s
def frame(data): return struct.pack(">I", len(data)) + data
"""

ABUSES = {
    "thousands of connections": """
held = []
for i in range(3000):
    try: held.append(connect())
    except OSError: break
""",
    "connections held open while others come": """
held = [connect() for _ in range(15)]
for s in held: s.sendall(b"\\0\\0")
""",
    "giant lengths": """
for length in (4097, 2**24, 2**31, 2**32 - 1):
    s = connect(); s.sendall(struct.pack(">I", length) + b"x" * 1000)
    try: print("answer", s.recv(10))
    except OSError as error: print("closed")
""",
    "garbage": """
for size in (1, 3, 100, 5000, 100_000):
    s = connect()
    try:
        s.sendall(os.urandom(size)); s.shutdown(socket.SHUT_WR); s.recv(10)
    except OSError: pass
""",
    "a message of nothing": """
s = connect(); s.sendall(frame(b"")); s.settimeout(0.2)
try: s.recv(10)
except OSError: pass
""",
    "many requests in one": """
s = connect()
try:
    s.sendall(frame(b"x") * 100_000)
    while s.recv(1 << 16): pass
except OSError: pass
""",
    "one byte at a time": """
s = connect()
for byte in frame(b"nonsense"): s.sendall(bytes([byte])); time.sleep(0.002)
assert b"unknown request" in s.recv(100)
""",
    "asking without reading": """
s = connect(); s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
for _ in range(200):
    try: s.sendall(frame(b"x"))
    except OSError: break
    time.sleep(0.001)
""",
    "descriptors passed along": """
s = connect()
try:
    for _ in range(50): socket.send_fds(s, [b"\\0"], [0, 1, 2] * 80)
except OSError: pass
""",
    "requests that are odd": """
for request in (b"\\xff" * 100, b"validate\\0", b"VALIDATE", b" submit", b"../submit", b"{}", b"x" * 4096):
    s = connect(); s.sendall(frame(request)); assert b"unknown request" in s.recv(1000), request
""",
    "hanging up at once": """
for number in range(300):
    try:
        s = connect()
        if number % 3: s.sendall(frame(b"x"))
        s.close()
    except BlockingIOError: time.sleep(0.01)
""",
    "a flood from many threads": """
def flood():
    for _ in range(100):
        try: s = connect(); s.sendall(frame(b"x")); s.recv(100); s.close()
        except OSError: pass
threads = [threading.Thread(target=flood) for _ in range(8)]
[t.start() for t in threads]; [t.join() for t in threads]
""",
}


@pytest.mark.sample(11)
@pytest.mark.parametrize("abuse", ABUSES)
def test_abuse_of_the_channel(sealed: str, make_env: Callable[..., ChallengeEnv], abuse: str) -> None:
    """The step ends, the next one is as ever, and nothing was scored or counted."""
    env = make_env("line", sealed)
    env.reset(seed=0)
    assert env._box is not None
    env._box.write("abuse.py", (HEAD + ABUSES[abuse]).encode())
    observation, _, terminated, truncated, info = env.step("python abuse.py")
    assert (terminated, truncated, info["returncode"], info["validations_left"]) == (False, False, 0, 5), observation
    observation, *_, info = env.step("python train.py; validate")
    assert len(info["scores"]) == 1, observation


def test_a_full_house_of_silent_callers_ends_with_the_step(sealed: str, make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env("line", sealed)
    env.reset(seed=0)
    assert env._box is not None
    env._box.write("hold.py", (HEAD + "held = [connect() for _ in range(60)]\ntime.sleep(1000)").encode())
    env.step("python hold.py & sleep 0.7; python train.py")
    observation, *_, info = env.step("validate")
    assert len(info["scores"]) == 1, observation


def test_a_caller_that_does_not_read_its_answer_holds_nobody_up_for_long(
    sealed: str, open_box: Callable[..., Sandbox]
) -> None:
    box = open_box(sealed)
    box.channel(lambda request: Reply(b"a" * 10_000_000))
    box.write("deaf.py", (HEAD + "s = connect(); s.sendall(frame(b'x')); time.sleep(30)").encode())
    started = time.monotonic()
    result = box.run("python deaf.py", Limits(cpu_seconds=5, wall_seconds=1))
    assert result.timeout == "wall"
    assert time.monotonic() - started < 15


IN_FLIGHT = (
    HEAD
    + """
time.sleep(0.5)
def fill(chunk):
    if os.fork(): return
    s, file = connect(), os.memfd_create("x")
    socket.send_fds(s, [b"\\0"], [file])
    while True: os.write(file, b"x" * chunk)
fill(1 << 20)
time.sleep(1)
for _ in range(8): fill(4096)
"""
)
"""Sends files in memory to the supervisor's own socket, where they lie once whoever filled them is ended for it."""


@pytest.mark.parametrize("when", ["while the host is asked", "between two commands"])
def test_memory_in_flight_to_the_supervisor_does_not_end_it(
    sealed: str, open_box: Callable[..., Sandbox], when: str
) -> None:
    box = open_box(sealed, dataclasses.replace(AGENT, memory_mb=64))
    if sealed == "bubblewrap" and not has_cgroups():
        pytest.skip("without cgroups, memory is limited process by process")
    read: list[int] = []

    def answer(request: bytes) -> Reply:
        time.sleep(4)
        read.append(len(box.read("large", 1 << 24)))  # for which the supervisor needs memory
        return Reply(b"0\nheard")

    box.channel(answer)
    box.write("fill.py", IN_FLIGHT.encode())
    box.run("head -c 9000000 /dev/zero > large", LIMITS)
    if when == "between two commands":
        box.run("python fill.py > said 2>&1 &", LIMITS)
        answer(b"")
    else:
        box.run("python fill.py & validate; true", LIMITS)
    assert read == [9_000_000]
    assert box.run("echo alive", LIMITS).text.endswith("alive\n")


def test_callers_at_once_are_answered_one_after_the_other(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    """Also where somebody hangs up, or says more, before its turn: only that one is let go."""
    box = open_box(sealed)
    asked: list[bytes] = []

    def answer(request: bytes) -> Reply:
        asked.append(request)
        time.sleep(2 if request == b"0" else 0.1)
        return Reply(b"to " + request)

    box.channel(answer)
    script = """
callers = []
for number in range(40):
    s = connect(); s.settimeout(60); s.sendall(frame(b"%d" % number)); callers.append(s)
    if number == 0: time.sleep(0.2)
callers[0].close()
callers[2].close()
callers[3].sendall(b"more")
for _ in range(5): late = connect()
try: print(callers[3].recv(100))
except OSError as error: print(b"")
for number in range(4, 8): callers[number].close()
print(callers[1].recv(100), callers[8].recv(100), callers[9].recv(100))
"""
    box.write("callers.py", (HEAD + script).encode())
    said = box.run("python callers.py", Limits(cpu_seconds=10, wall_seconds=60)).text
    answers = " ".join(repr(frame_of(b"to %d" % number)) for number in (1, 8, 9))
    assert said.splitlines() == ["b''", answers]
    assert asked[:2] == [b"0", b"1"]
    assert not {b"2", b"3", b"4", b"5"} & set(asked)


def frame_of(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


class Fake(SupervisedSandbox):
    """A sandbox whose supervisor has been taken over: it says what it is told to say."""

    name = "fake"
    in_place = False

    def __init__(self, answers: list[bytes], then: str = "time.sleep(60)") -> None:
        super().__init__(Setup(AGENT))
        self.answers, self.then = answers, then

    def _environ(self) -> dict[str, str]:
        return {}

    def _launch(self, settings: dict[str, Any]) -> ProcessConnection:
        script = (
            "import os, sys, time\n"
            "def say(data):\n    view = memoryview(data)\n    while view: view = view[os.write(1, view):]\n"
            f"for answer in {self.answers!r}:\n    say(answer)\n{self.then}\n"
        )
        return ProcessConnection(launch([sys.executable, "-IS", "-c", script], env={}))


def frame(head: object, body: bytes = b"", head_length: int | None = None, body_length: int | None = None) -> bytes:
    """A frame as a supervisor sends it, with lengths that need not be true."""
    raw = head if isinstance(head, bytes) else json.dumps(head).encode()
    lengths = (len(raw) if head_length is None else head_length, len(body) if body_length is None else body_length)
    return struct.pack(">II", *lengths) + raw + body


READY = frame({"op": "ready"})
DONE = {
    "op": "done",
    "code": 0,
    "timeout": None,
    "shell": "kept",
    "aborted": False,
    "cpu": 0.1,
    "head": 2,
    "dropped": 0,
    "characters": 0,
    "visible": 0,
    "ended": 0,
}


def test_a_fake_that_says_what_a_supervisor_says(open_box: Callable[..., Sandbox]) -> None:
    """So that the table below refuses for the reason it gives."""
    box = Fake([READY, frame(DONE, b"hi"), frame({"op": "file"}, b"data"), frame({"op": "ok"})])
    box.start()
    assert box.run("x", LIMITS).output == b"hi"
    assert box.read("x", 10) == b"data"
    box.write("x", b"")
    box.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"garbage that is no frame at all",
        frame(b"not json"),
        frame(b"\xff\xfe"),
        frame(b"[" * 4000),
        frame(b'{"op": "done"' + b" " * 3000),
        frame([]),
        frame(3),
        frame(None),
        frame("done"),
        frame({}),
        frame({"op": None}),
        frame({"op": []}),
        frame({"op": "nonsense"}),
        frame({"op": "done"}),
        frame({"op": "ready"}),
        frame({"op": "file"}, b"x"),
        frame({"op": "ok"}),
        frame({"op": "error", "errno": "EIO", "text": "out of turn"}),
        frame({**DONE, "extra": 1}, b"hi"),
        frame({name: value for name, value in DONE.items() if name != "cpu"}, b"hi"),
        *(frame({**DONE, "code": code}, b"hi") for code in ("0", 1.5, [], {})),
        *(frame({**DONE, "timeout": timeout}, b"hi") for timeout in ("never", 3, [], True)),
        *(frame({**DONE, "shell": shell}, b"hi") for shell in ("owned", None, 0)),
        *(frame({**DONE, "aborted": aborted}, b"hi") for aborted in ("yes", 1, None)),
        *(frame({**DONE, "cpu": cpu}, b"hi") for cpu in (-1, "0", None, float("nan"), float("inf"), 10**400)),
        *(frame({**DONE, "head": head}, b"hi") for head in ("0", None, 0.5)),
        *(
            frame({**DONE, name: value}, b"hi")
            for name in ("characters", "visible", "ended")
            for value in ("0", None, 0.5)
        ),
        frame(b'{"op": "done", "code": ' + b"9" * 4000 + b"}"),
        frame(DONE, b"x" * (LIMITS.output_bytes + 1)),
        frame(DONE, b"", body_length=2**32 - 1),
        frame(b"", b"", head_length=2**32 - 1),
        frame(b"x" * 5000),
        frame({"op": "channel"}, b"x" * 100_000),
    ],
)
def test_a_supervisor_that_lies_is_a_dead_sandbox(answer: bytes) -> None:
    box = Fake([READY, answer])
    box.start()
    calls = []
    box.channel(lambda request: calls.append(request) or Reply(b""))  # type: ignore[func-returns-value]
    with pytest.raises(SandboxError, match="fake: the sandbox died"):
        box.run("true", LIMITS)
    assert calls == []
    assert box._link is None


@pytest.mark.parametrize(
    ("answer", "act"),
    [
        (frame({"op": "file"}, b"x" * 101), "read"),
        (frame(DONE), "read"),
        (frame({"op": "channel"}, b"validate"), "read"),
        (frame({"op": "file"}, b"x"), "write"),
        (frame({"op": "error", "errno": 5, "text": "x"}), "write"),
        (frame({"op": "error", "errno": "EIO", "text": None}), "read"),
    ],
)
def test_lies_about_files(answer: bytes, act: str) -> None:
    box = Fake([READY, answer])
    box.start()
    with pytest.raises(SandboxError, match="died"):
        box.read("x", 100) if act == "read" else box.write("x", b"")
    assert box._link is None


@pytest.mark.parametrize(("code", "text"), [("ENOENT", "x"), ("?", "x" * 3000)])
def test_an_error_that_a_supervisor_may_give_is_a_bad_submission(code: str, text: str) -> None:
    box = Fake([READY, frame({"op": "error", "errno": code, "text": text})])
    box.start()
    with pytest.raises(BadSubmission):
        box.read("x", 100)
    box.close()


@pytest.mark.parametrize(
    "answer",
    [b"", b"hello", frame({"op": "done"}), frame(b"x" * 5000), frame({"op": "error", "errno": "E", "text": "t"})],
)
def test_a_supervisor_that_does_not_start(answer: bytes) -> None:
    box = Fake([answer], then="")
    with pytest.raises(SandboxError, match="fake: the sandbox died"):
        box.start()
    assert box._link is None


def test_a_giant_frame_takes_no_memory_before_it_comes() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    box = Fake([READY, frame(b"", b"", 2**32 - 1, 2**32 - 1)], then="while True: say(bytes(1 << 20))")
    box.start()
    with pytest.raises(SandboxError, match="an answer of 4294967295 and 4294967295 bytes"):
        box.run("true", LIMITS)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB


@pytest.mark.slow
@pytest.mark.parametrize("then", ["time.sleep(60)", "import signal; os.kill(os.getpid(), signal.SIGSTOP)"])
def test_a_supervisor_that_falls_silent(monkeypatch: pytest.MonkeyPatch, then: str) -> None:
    monkeypatch.setattr(supervised, "_GRACE_SECONDS", 0.5)
    box = Fake([READY], then)
    box.start()
    with pytest.raises(SandboxError, match="did not answer in time"):
        box.run("true", Limits(wall_seconds=0.1))
    box.start()
    with pytest.raises(SandboxError, match="did not answer in time"):
        box.write("x", bytes(10_000_000))  # more than a pipe holds


def test_requests_without_end_do_not_hold_the_host_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervised, "_GRACE_SECONDS", 0.5)
    box = Fake([READY], f"while True:\n    say({frame({'op': 'channel'}, b'x')!r})\n    os.read(0, 1 << 16)")
    box.start()
    box.channel(lambda request: Reply(b"no"))
    started = time.monotonic()
    with pytest.raises(SandboxError, match="did not answer in time"):
        box.run("true", Limits(wall_seconds=0.5))
    assert time.monotonic() - started < 20


def test_closing_a_fake_from_another_thread() -> None:
    box = Fake([READY])
    box.start()
    timer = threading.Timer(0.3, box.close)
    timer.start()
    with pytest.raises(SandboxError):
        box.run("true", LIMITS)
    timer.join()


def test_no_descriptor_is_left_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        box = Fake([READY, b"x" * 100])
        box.start()
        with pytest.raises(SandboxError):
            box.run("true", LIMITS)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
    assert os.getpid() > 0
