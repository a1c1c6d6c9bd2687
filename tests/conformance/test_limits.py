"""Time, and what ends with it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from env_fixtures import LIMITS

from synthgym.envs.sandboxes.base import Limits, Sandbox

SPIN = "python -c 'while True: pass'"
BUSY = b"import time, sys\nwhile time.process_time() < 0.4: pass\nopen(sys.argv[1], 'w')\n"


def processes(box: Sandbox, word: str) -> int:
    """How many processes whose command line holds `word` the sandbox shows."""
    script = (
        "n=0; for d in /proc/[0-9]*; do "
        f"tr '\\0' ' ' 2>/dev/null < $d/cmdline | grep -q '{word[0]}[{word[1]}]{word[2:]}' && n=$((n+1)); done; echo $n"
    )
    return int(box.run(script, LIMITS).text.split()[-1])


def test_wall_clock_ends_a_sleeper_and_keeps_the_shell(box: Sandbox) -> None:
    box.run("x=5", LIMITS)
    result = box.run("sleep 3711", Limits(cpu_seconds=10, wall_seconds=0.5))
    assert (result.timeout, result.returncode, result.shell) == ("wall", None, "kept")
    assert 0.5 <= result.elapsed < 5
    assert box.run("echo $x", LIMITS).text == "5\n"
    assert processes(box, "sleep 3711") == 0


def test_cpu_time_ends_a_spinner(box: Sandbox) -> None:
    result = box.run(SPIN, Limits(cpu_seconds=0.5, wall_seconds=60))
    assert (result.timeout, result.shell) == ("cpu", "kept")
    assert 0.5 <= result.cpu_seconds < 3


def test_cpu_time_counts_all_processes_together(box: Sandbox) -> None:
    spin = "python -c 'while 3744: pass'"  # `local` shows the whole machine's processes: a word of this test alone
    result = box.run(f"for i in 1 2 3 4; do {spin} & done; wait", Limits(cpu_seconds=1, wall_seconds=60))
    assert result.timeout == "cpu"
    assert processes(box, "while 3744") == 0


def test_cpu_time_of_children_that_have_ended_counts(box: Sandbox) -> None:
    box.write("busy.py", BUSY)
    orphans = "(python busy.py b &); sh -c 'python busy.py c & exit'"
    result = box.run(f"python busy.py a; {orphans}; until [ -e b ] && [ -e c ]; do sleep 0.05; done; sleep 0.1", LIMITS)
    assert result.cpu_seconds >= 1.1


def test_a_loop_of_the_shell_itself(box: Sandbox) -> None:
    box.run("echo kept > file", LIMITS)
    result = box.run("x=5; while :; do :; done", Limits(cpu_seconds=0.5, wall_seconds=60))
    assert (result.timeout, result.shell) == ("cpu", "kept")
    assert box.run("echo $x; cat file", LIMITS).text == "5\nkept\n"


def test_a_timeout_ends_what_has_left_the_process_group(box: Sandbox) -> None:
    tree = "setsid sh -c 'trap \"\" TERM INT HUP; setsid sleep 3722 & nohup sleep 3722 & wait'"
    result = box.run(f"({tree} &); sleep 3722", Limits(cpu_seconds=10, wall_seconds=0.7))
    assert result.timeout == "wall"
    assert processes(box, "sleep 3722") == 0


@pytest.mark.parametrize(
    "command",
    [
        "sleep 5; : >went-on",
        "sleep 5 || : >went-on",
        "if sleep 5; then :; else : >went-on; fi",
        "for i in 1 2 3; do while :; do sleep 5; : >went-on; done; done",
        "x=$(sleep 5); : >went-on",
        "sleep 5 | cat; : >went-on",
        "(sleep 5; : >went-on); : >went-on",
        "sleep 5 & wait; : >went-on",
        "eval 'sleep 5; : >went-on'; : >went-on",
        "while :; do :; done; : >went-on",
    ],
)
def test_the_rest_of_a_script_does_not_go_on(box: Sandbox, command: str) -> None:
    box.run("x=5; cd /", LIMITS)
    result = box.run(f"cd {box.workspace}; {command}", Limits(cpu_seconds=10, wall_seconds=0.3))
    assert (result.timeout, result.shell) == ("wall", "kept")
    assert box.run("pwd; ls", LIMITS).text.endswith(box.workspace + "\n")
    assert box.run("false", LIMITS).returncode == 1


def test_a_function_goes_with_its_shell(box: Sandbox) -> None:
    command = "f() { sleep 5; : >went-on; }; f; : >went-on"
    result = box.run(command, Limits(cpu_seconds=10, wall_seconds=0.3))
    assert (result.timeout, result.shell) == ("wall", "killed")
    assert box.run("ls", LIMITS).text == ""


def test_a_shell_that_will_not_let_go_is_killed(box: Sandbox) -> None:
    command = "trap '' USR1; while :; do :; done"
    result = box.run(command, Limits(cpu_seconds=10, wall_seconds=0.3))
    assert (result.timeout, result.shell) == ("wall", "killed")
    assert box.run("echo alive", LIMITS).text == "alive\n"


def test_background_jobs_between_steps_are_charged_to_the_next(box: Sandbox) -> None:
    box.write("busy.py", BUSY)
    used = box.run("python busy.py done &", LIMITS).cpu_seconds
    while box.run("cat done", LIMITS).returncode != 0:
        time.sleep(0.1)
        used += box.run("true", LIMITS).cpu_seconds
    used += box.run("true", LIMITS).cpu_seconds
    least = 0.3 if box.name in ("docker", "bubblewrap") else 0.2  # without a group, the last moment may be missed
    assert least < used < 3
    box.run(f"{SPIN} &", LIMITS)
    result = box.run("sleep 30", Limits(cpu_seconds=0.5, wall_seconds=30))
    assert result.timeout == "cpu"


@pytest.mark.parametrize("output", [0, 1, 10, 1000])
def test_small_output_limits(box: Sandbox, output: int) -> None:
    result = box.run("seq 1000", Limits(output_bytes=output))
    assert len(result.output) <= output
    assert len(result.output) + result.dropped == len("".join(f"{n}\n" for n in range(1, 1001)))


FILL = b"""
import subprocess, time
while True:
    try:
        subprocess.Popen(["sleep", "1000"])
    except OSError:
        time.sleep(0.001)
"""


@pytest.mark.parametrize(
    "bomb",
    [":(){ :|:& };:", "f() { sleep 0.05; f & f & wait; }; f & disown", "python fill.py & disown; sleep 1"],
)
def test_what_fills_the_sandbox_is_ended_when_a_step_finds_no_process_left(
    sealed: str, open_box: Callable[..., Sandbox], bomb: str
) -> None:
    box = open_box(sealed)
    box.write("fill.py", FILL)
    box.run("x=5", LIMITS)
    ended = box.run(bomb, LIMITS).ended
    for word in ("one", "two", "three"):
        time.sleep(0.3)
        result = box.run(f'/bin/echo {word} | cat; python -c "print($x)"', LIMITS)
        ended += result.ended
        assert {word, "5"} <= set(result.text.splitlines())
        assert (result.timeout, result.shell) == (None, "kept")
    assert ended > 5
    assert box.run("/bin/true; echo quiet", LIMITS).text == "quiet\n"


@pytest.mark.parametrize(
    "command",
    [
        "python -c 'import subprocess; subprocess.run([\"ls\"])'",
        "sh -c 'ls -d .; ls -d .' 2>/dev/null",
        "(ls | head -1) 2>/dev/null",
        "python -c 'import threading; threading.Thread(target=print).start()'",
        "sleep 0.3; true",
    ],
)
def test_a_full_sandbox_is_seen_whoever_finds_no_process_left(
    sealed: str, open_box: Callable[..., Sandbox], command: str
) -> None:
    box = open_box(sealed)
    box.write("fill.py", FILL)
    box.run("(python fill.py &)", LIMITS)
    ended, deadline = 0, time.monotonic() + 20
    while not ended and time.monotonic() < deadline:
        time.sleep(0.3)
        ended = box.run(command, LIMITS).ended
    assert ended > 50
    result = box.run("ls | head -1", LIMITS)
    assert (result.text, result.ended) == ("fill.py\n", 0)


def test_what_left_the_shell_and_fills_the_sandbox_is_ended(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    result = open_box(sealed).run("for i in $(seq 100); do (sleep 60 &); done 2>/dev/null; echo end", LIMITS)
    assert (result.text, result.shell, result.timeout) == ("end\n", "kept", None)
    assert result.ended > 30


def test_a_crowd_in_the_background_that_leaves_room_is_left_alone(
    sealed: str, open_box: Callable[..., Sandbox]
) -> None:
    box = open_box(sealed)
    box.run("for i in $(seq 50); do sleep 1000 & done", LIMITS)
    for command in ("ls", "sleep 0.2", "python -c 1"):
        assert box.run(command, LIMITS).ended == 0


@pytest.mark.parametrize("there", ["for i in $(seq 59); do sleep 1000 & done", "python threads.py &"])
def test_a_background_that_fills_all_but_what_a_command_needs_is_left_alone(
    sealed: str, open_box: Callable[..., Sandbox], there: str
) -> None:
    box = open_box(sealed)
    script = "import threading, time\n[threading.Thread(target=time.sleep, args=(99,)).start() for _ in range(58)]"
    box.write("threads.py", f"{script}\nopen('started', 'w')\ntime.sleep(99)".encode())
    assert box.run(f"{there}\nsleep 0.3", LIMITS).ended == 0
    for command in ("jobs | wc -l; ls | head -3", "sleep 0.6", "ls", "sleep 0.1; kill -0 $!"):
        result = box.run(command, LIMITS)
        assert (result.ended, result.returncode) == (0, 0), result.text
    assert "fork" not in result.text


def test_what_looks_like_bashs_message_ends_nothing(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    box = open_box(sealed)
    words = "echo 'bash: fork: retry: Resource temporarily unavailable' > train.log"
    box.run(f"for i in $(seq 40); do sleep 1000 & done; {words}", LIMITS)
    for command in ("cat train.log", "cat train.log; sleep 0.3"):
        result = box.run(command, LIMITS)
        assert (result.ended, "retry" in result.text) == (0, True)


def test_a_commands_own_processes_are_left_to_it(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    result = open_box(sealed).run("for i in $(seq 70); do sleep 0.7 & done; wait; echo end", LIMITS)
    assert (result.ended, result.shell, result.text.endswith("end\n")) == (0, "kept", True)


def test_words_alone_end_nothing(box: Sandbox) -> None:
    box.run("sleep 1000 & disown", LIMITS)
    result = box.run("echo 'bash: fork: retry: Resource temporarily unavailable'; sleep 0.3; kill -0 $!", LIMITS)
    assert (result.ended, result.returncode, result.shell) == (0, 0, "kept")


def test_a_shell_that_gave_up_its_processes_is_replaced(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    box = open_box(sealed)
    box.run("ulimit -u 0", LIMITS)
    result = box.run("/bin/echo one", Limits(cpu_seconds=20, wall_seconds=1))
    assert (result.timeout, result.shell) == ("wall", "killed")
    assert box.run("/bin/echo two", LIMITS).text == "two\n"
