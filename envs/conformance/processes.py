"""Processes that fill a sandbox: the next step finds room, and what leaves it room is left alone."""

from __future__ import annotations

import time
from math import inf

from synthgym.envs.conformance.checks import LIMITS, Opener, check, opening
from synthgym.envs.conformance.expectations import between, equal, true
from synthgym.envs.sandboxes.base import Limits, Sandbox

FILL = b"""
import subprocess, time
while True:
    try:
        subprocess.Popen(["sleep", "1000"])
    except OSError:
        time.sleep(0.001)
"""


@opening(
    cases=[":(){ :|:& };:", "f() { sleep 0.05; f & f & wait; }; f & disown", "python fill.py & disown; sleep 1"],
    isolated=True,
)
def what_fills_the_sandbox_is_ended_when_a_step_finds_no_process_left(open_box: Opener, bomb: str) -> None:
    box = open_box()
    box.write("fill.py", FILL)
    box.run("x=5", LIMITS)
    ended = box.run(bomb, LIMITS).ended
    for word in ("one", "two", "three"):
        time.sleep(0.3)
        result = box.run(f'/bin/echo {word} | cat; python -c "print($x)"', LIMITS)
        ended += result.ended
        true({word, "5"} <= set(result.text.splitlines()), f"the lines {word!r} and '5'", result.text)
        equal((result.timeout, result.shell), (None, "kept"))
    between(6, ended, inf, "processes that were ended")
    equal(box.run("/bin/true; echo quiet", LIMITS).text, "quiet\n")


@opening(
    cases=[
        "python -c 'import subprocess; subprocess.run([\"ls\"])'",
        "sh -c 'ls -d .; ls -d .' 2>/dev/null",
        "(ls | head -1) 2>/dev/null",
        "python -c 'import threading; threading.Thread(target=print).start()'",
        "sleep 0.3; true",
    ],
    isolated=True,
)
def a_full_sandbox_is_seen_whoever_finds_no_process_left(open_box: Opener, command: str) -> None:
    box = open_box()
    box.write("fill.py", FILL)
    box.run("(python fill.py &)", LIMITS)
    ended, deadline = 0, time.monotonic() + 20
    while not ended and time.monotonic() < deadline:
        time.sleep(0.3)
        ended = box.run(command, LIMITS).ended
    between(51, ended, inf, "processes that were ended")
    result = box.run("ls | head -1", LIMITS)
    equal((result.text, result.ended), ("fill.py\n", 0))


@opening(isolated=True)
def what_left_the_shell_and_fills_the_sandbox_is_ended(open_box: Opener) -> None:
    result = open_box().run("for i in $(seq 100); do (sleep 60 &); done 2>/dev/null; echo end", LIMITS)
    equal((result.text, result.shell, result.timeout), ("end\n", "kept", None))
    between(31, result.ended, inf, "processes that were ended")


@opening(isolated=True)
def a_crowd_in_the_background_that_leaves_room_is_left_alone(open_box: Opener) -> None:
    box = open_box()
    box.run("for i in $(seq 50); do sleep 1000 & done", LIMITS)
    for command in ("ls", "sleep 0.2", "python -c 1"):
        equal(box.run(command, LIMITS).ended, 0)


@opening(cases=["for i in $(seq 59); do sleep 1000 & done", "python threads.py &"], isolated=True)
def a_background_that_fills_all_but_what_a_command_needs_is_left_alone(open_box: Opener, there: str) -> None:
    box = open_box()
    script = "import threading, time\n[threading.Thread(target=time.sleep, args=(99,)).start() for _ in range(58)]"
    box.write("threads.py", f"{script}\nopen('started', 'w')\ntime.sleep(99)".encode())
    equal(box.run(f"{there}\nsleep 0.3", LIMITS).ended, 0)
    for command in ("jobs | wc -l; ls | head -3", "sleep 0.6", "ls", "sleep 0.1; kill -0 $!"):
        result = box.run(command, LIMITS)
        equal((result.ended, result.returncode), (0, 0))
    true("fork" not in result.text, "no word of fork", result.text)


@opening(isolated=True)
def what_looks_like_bashs_message_ends_nothing(open_box: Opener) -> None:
    box = open_box()
    words = "echo 'bash: fork: retry: Resource temporarily unavailable' > train.log"
    box.run(f"for i in $(seq 40); do sleep 1000 & done; {words}", LIMITS)
    for command in ("cat train.log", "cat train.log; sleep 0.3"):
        result = box.run(command, LIMITS)
        equal((result.ended, "retry" in result.text), (0, True))


@opening(isolated=True)
def a_commands_own_processes_are_left_to_it(open_box: Opener) -> None:
    result = open_box().run("for i in $(seq 70); do sleep 0.7 & done; wait; echo end", LIMITS)
    equal((result.ended, result.shell, result.text.endswith("end\n")), (0, "kept", True))


@check()
def words_alone_end_nothing(box: Sandbox) -> None:
    box.run("sleep 1000 & disown", LIMITS)
    result = box.run("echo 'bash: fork: retry: Resource temporarily unavailable'; sleep 0.3; kill -0 $!", LIMITS)
    equal((result.ended, result.returncode, result.shell), (0, 0, "kept"))


@opening(isolated=True)
def a_shell_that_gave_up_its_processes_is_replaced(open_box: Opener) -> None:
    box = open_box()
    box.run("ulimit -u 0", LIMITS)
    result = box.run("/bin/echo one", Limits(cpu_seconds=20, wall_seconds=1))
    equal((result.timeout, result.shell), ("wall", "killed"))
    equal(box.run("/bin/echo two", LIMITS).text, "two\n")
