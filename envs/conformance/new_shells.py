"""Commands that end their shell, send its output elsewhere or break it: a new one takes its place, and says so."""

from __future__ import annotations

from synthgym.envs.conformance.checks import LIMITS, check
from synthgym.envs.conformance.expectations import contains, equal, true
from synthgym.envs.sandboxes.base import Limits, Sandbox


def run(box: Sandbox, command: str, limits: Limits = LIMITS) -> str:
    return box.run(command, limits).text


@check(
    cases=[
        ("exit", 0),
        ("exit 3", 3),
        ("set -e; false; echo no", 1),
        ("kill -9 $$", -9),
        ("exec false", 1),
        ("exec 5>&-; exit 4", 4),
    ]
)
def a_shell_that_ends_is_replaced(box: Sandbox, command: str, code: int) -> None:
    run(box, "echo kept > file; x=lost; cd /tmp")
    result = box.run(command, LIMITS)
    equal((result.returncode, result.shell), (code, "exited"))
    equal(run(box, "echo ${x-gone}; pwd; cat file"), f"gone\n{box.workspace}\nkept\n")


@check()
def exec_of_a_program_that_lives_on(box: Sandbox) -> None:
    result = box.run("exec sh -c 'sleep 0.3; echo from sh; exit 6'", LIMITS)
    equal((result.text, result.returncode, result.shell), ("from sh\n", 6, "exited"))


@check()
def the_trap_on_exit_is_seen(box: Sandbox) -> None:
    result = box.run("trap 'echo bye' EXIT; exit 4", LIMITS)
    equal((result.text, result.returncode, result.shell), ("bye\n", 4, "exited"))


@check(
    cases=[
        "exec >/dev/null 2>&1; echo unseen; (exit 3)",
        "exec >file; echo unseen; (exit 3)",
        "exec 1>&-; (exit 3)",
        "exec 2>&-; (exit 3)",
        "exec >&- 2>&-; (exit 3)",
        "exec 2>/dev/null; nosuchprogram; (exit 3)",
        "exec > >(cat >file); (exit 3)",
        "f() { command exec >file; }; f; (exit 3)",
        "echo 'exec >&-' >script; . ./script; (exit 3)",
    ]
)
def a_shell_that_lost_its_output_is_replaced(box: Sandbox, command: str) -> None:
    result = box.run(command, LIMITS)
    equal((result.text, result.returncode, result.shell), ("", 3, "redirected"))
    result = box.run("echo seen; echo as well >&2; nosuchprogram", LIMITS)
    words = "seen\nas well\nbash: line 1: nosuchprogram"
    equal(result.text[: len(words)], words)
    equal(result.shell, "kept")


@check(
    cases=[
        ("exec > >(tee log) 2>&1; echo result", 0, "redirected"),
        ("exec > >(grep -v secret | tee log) 2>&1; echo result; echo secret; exit 3", 3, "exited"),
        ("exec 2> >(sleep 0.1; tee log); echo result >&2; exit", 0, "exited"),
    ]
)
def what_reads_the_shells_output_may_finish(box: Sandbox, command: str, code: int, shell: str) -> None:
    result = box.run(command, LIMITS)
    equal((result.text, result.returncode, result.shell), ("result\n", code, shell))
    equal(run(box, "cat log"), "result\n")


@check()
def what_never_finishes_reading_is_not_waited_for(box: Sandbox) -> None:
    run(box, "sleep 1000 | sleep 1000 & disown")
    result = box.run("exec >file", LIMITS)
    equal((result.shell, result.elapsed < 4), ("redirected", True))


@check(
    cases=[
        "exec 2>&1",
        "exec 3>&1 >file; echo unseen; exec >&3 3>&-",
        "exec 0<&-",
        "exec </dev/null",
        "exec 3<&0; cat <&3",
        "exec 3>file 4<file; echo unseen >&3",
        "exec 7>&1 8>&1 9>&1 51>&1",
        "(exec >file; echo unseen)",
        "{ echo unseen; } >file",
    ]
)
def a_shell_that_kept_its_output_is_kept(box: Sandbox, command: str) -> None:
    result = box.run(f"x=5; {command}; (exit 3)", LIMITS)
    equal((result.text, result.returncode, result.shell), ("", 3, "kept"))
    equal(run(box, "echo $? $x; cat; nosuchprogram 2>/dev/null"), "3 5\n")


@check(
    cases=[
        "set -n",
        "builtin() { :; }",
        "enable -n builtin",
        "enable -n mapfile",
        "enable -n printf",
        "unset -f $(compgen -A function)",
        "shopt -s extdebug; trap false DEBUG",
        "readonly __synthgym_code",
        "break 99",
        "exec 10>&- 11<&- 12<&-",
    ]
)
def a_driver_that_is_broken_is_replaced_at_once(box: Sandbox, command: str) -> None:
    results = [box.run(command, LIMITS), box.run("echo one", LIMITS)]
    states = {result.shell for result in results}
    true({"exited", "broken"} & states, "a shell that exited or is broken", states)
    equal([result.timeout for result in results], [None, None])
    equal(run(box, "echo two"), "two\n")


@check(
    cases=[f"enable -n {name}" for name in ("eval", "trap", "return", "mapfile", "kill", "break")]
    + ["e=$(echo enable); $e -n eval", 'builtin() { command builtin "$@"; }']
)
def a_command_that_takes_what_the_driver_needs_is_answered_by_a_new_shell(box: Sandbox, command: str) -> None:
    result = box.run(f"x=5; {command}; (exit 3)", LIMITS)
    equal((result.text, result.returncode, result.shell), ("", 3, "broken"))
    result = box.run("echo ${x-gone}; eval echo two; (exit 4)", LIMITS)
    equal((result.text, result.returncode, result.shell), ("gone\ntwo\n", 4, "kept"))


@check(cases=["set -n", "sleep 9 & kill -STOP $$", "builtin() { :; }", "trap '' TERM INT; sleep 9 & wait"])
def a_shell_that_no_longer_answers_is_replaced(box: Sandbox, trick: str) -> None:
    short = Limits(cpu_seconds=5, wall_seconds=0.5)
    for command in (trick, "echo one", "echo two"):
        result = box.run(command, short)
    if result.text != "two\n":
        equal(box.run("echo alive", LIMITS).text, "alive\n")


@check()
def a_shell_that_will_take_no_more_commands(box: Sandbox) -> None:
    """The driver's own descriptors, closed by a trap that runs in the driver: the next command finds nobody there."""
    states = [box.run(command, LIMITS).shell for command in ("trap 'exec 11<&-; sleep 0.3' DEBUG", "echo lost")]
    contains(states, "exited")
    equal(box.run("echo next", LIMITS).text, "next\n")
