"""Time and interrupts, and what ends with them."""

from __future__ import annotations

import threading
import time
from math import inf

from synthgym.envs.conformance.checks import LIMITS, check
from synthgym.envs.conformance.expectations import between, equal, true
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


@check()
def wall_clock_ends_a_sleeper_and_keeps_the_shell(box: Sandbox) -> None:
    box.run("x=5", LIMITS)
    result = box.run("sleep 3711", Limits(cpu_seconds=10, wall_seconds=0.5))
    equal((result.timeout, result.returncode, result.shell), ("wall", None, "kept"))
    between(0.5, result.elapsed, 5, "seconds")
    equal(box.run("echo $x", LIMITS).text, "5\n")
    equal(processes(box, "sleep 3711"), 0)


@check()
def cpu_time_ends_a_spinner(box: Sandbox) -> None:
    result = box.run(SPIN, Limits(cpu_seconds=0.5, wall_seconds=60))
    equal((result.timeout, result.shell), ("cpu", "kept"))
    between(0.5, result.cpu_seconds, 3, "CPU seconds")


@check()
def cpu_time_counts_all_processes_together(box: Sandbox) -> None:
    spin = "python -c 'while 3744: pass'"  # `local` shows the whole machine's processes: a word of this test alone
    result = box.run(f"for i in 1 2 3 4; do {spin} & done; wait", Limits(cpu_seconds=1, wall_seconds=60))
    equal(result.timeout, "cpu")
    equal(processes(box, "while 3744"), 0)


@check()
def cpu_time_of_children_that_have_ended_counts(box: Sandbox) -> None:
    box.write("busy.py", BUSY)
    orphans = "(python busy.py b &); sh -c 'python busy.py c & exit'"
    result = box.run(f"python busy.py a; {orphans}; until [ -e b ] && [ -e c ]; do sleep 0.05; done; sleep 0.1", LIMITS)
    between(1.1, result.cpu_seconds, inf, "CPU seconds")


@check()
def a_loop_of_the_shell_itself(box: Sandbox) -> None:
    box.run("echo kept > file", LIMITS)
    result = box.run("x=5; while :; do :; done", Limits(cpu_seconds=0.5, wall_seconds=60))
    equal((result.timeout, result.shell), ("cpu", "kept"))
    equal(box.run("echo $x; cat file", LIMITS).text, "5\nkept\n")


@check()
def a_timeout_ends_what_has_left_the_process_group(box: Sandbox) -> None:
    tree = "setsid sh -c 'trap \"\" TERM INT HUP; setsid sleep 3722 & nohup sleep 3722 & wait'"
    result = box.run(f"({tree} &); sleep 3722", Limits(cpu_seconds=10, wall_seconds=0.7))
    equal(result.timeout, "wall")
    equal(processes(box, "sleep 3722"), 0)


@check(
    cases=[
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
    ]
)
def the_rest_of_a_script_does_not_go_on(box: Sandbox, command: str) -> None:
    box.run("x=5; cd /", LIMITS)
    result = box.run(f"cd {box.workspace}; {command}", Limits(cpu_seconds=10, wall_seconds=0.3))
    equal((result.timeout, result.shell), ("wall", "kept"))
    said = box.run("pwd; ls", LIMITS).text
    true(said.endswith(box.workspace + "\n"), "no file, as nothing went on", said)
    equal(box.run("false", LIMITS).returncode, 1)


@check()
def a_function_goes_with_its_shell(box: Sandbox) -> None:
    command = "f() { sleep 5; : >went-on; }; f; : >went-on"
    result = box.run(command, Limits(cpu_seconds=10, wall_seconds=0.3))
    equal((result.timeout, result.shell), ("wall", "killed"))
    equal(box.run("ls", LIMITS).text, "")


@check()
def a_shell_that_will_not_let_go_is_killed(box: Sandbox) -> None:
    command = "trap '' USR1; while :; do :; done"
    result = box.run(command, Limits(cpu_seconds=10, wall_seconds=0.3))
    equal((result.timeout, result.shell), ("wall", "killed"))
    equal(box.run("echo alive", LIMITS).text, "alive\n")


@check()
def background_jobs_between_steps_are_charged_to_the_next(box: Sandbox) -> None:
    box.write("busy.py", BUSY)
    used = box.run("python busy.py done &", LIMITS).cpu_seconds
    while box.run("cat done", LIMITS).returncode != 0:
        time.sleep(0.1)
        used += box.run("true", LIMITS).cpu_seconds
    used += box.run("true", LIMITS).cpu_seconds
    least = 0.3 if box.isolates else 0.2  # without a group, the last moment may be missed
    between(least, used, 3, "CPU seconds of the background job")
    box.run(f"{SPIN} &", LIMITS)
    result = box.run("sleep 30", Limits(cpu_seconds=0.5, wall_seconds=30))
    equal(result.timeout, "cpu")


@check(cases=["sleep 30", "while :; do :; done", "python -c 'while True: pass'", "cat <(sleep 30)"])
def interrupt_ends_the_command_and_keeps_the_shell(box: Sandbox, command: str) -> None:
    box.run("x=5", LIMITS)
    timer = threading.Timer(0.3, box.interrupt)
    timer.start()
    result = box.run(command, Limits(cpu_seconds=30, wall_seconds=30))
    timer.join()
    equal((result.interrupted, result.timeout, result.returncode, result.shell), (True, None, None, "kept"))
    between(0, result.elapsed, 10, "seconds")
    equal(box.run("echo $x", LIMITS).text, "5\n")


@check()
def interrupt_without_a_command_is_nothing(box: Sandbox) -> None:
    box.interrupt()
    equal(box.run("echo one", LIMITS).text, "one\n")
    box.close()
    box.interrupt()


@check()
def an_interrupt_is_not_kept_for_the_next_command(box: Sandbox) -> None:
    for _ in range(10):
        box.interrupt()
        result = box.run("echo one", LIMITS)
        equal((result.text, result.interrupted), ("one\n", False))
