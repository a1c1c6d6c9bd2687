"""What every sandbox's shell does with what an agent may type."""

from __future__ import annotations

import os
import time

from synthgym.envs.conformance.checks import LIMITS, check
from synthgym.envs.conformance.expectations import contains, equal
from synthgym.envs.sandboxes.base import Limits, Sandbox


def run(box: Sandbox, command: str, limits: Limits = LIMITS) -> str:
    return box.run(command, limits).text


@check()
def the_workspace_is_where_it_starts(box: Sandbox) -> None:
    equal(run(box, "pwd"), box.workspace + "\n")


@check()
def state_lives_across_steps(box: Sandbox) -> None:
    run(box, "cd /tmp; x=5; export Y=6; f() { echo f:$1; }; alias z='echo aliased'; set -o noclobber")
    equal(run(box, "pwd; echo $x; sh -c 'echo $Y'; f 1; set -o | grep noclobber").split(), [
        "/tmp", "5", "6", "f:1", "noclobber", "on"
    ])  # fmt: skip


@check(cases=[("true", 0), ("false", 1), ("(exit 37)", 37), ("nosuchprogram", 127)])
def exit_codes(box: Sandbox, command: str, code: int) -> None:
    result = box.run(command, LIMITS)
    equal((result.returncode, result.shell), (code, "kept"))


@check()
def output_of_both_streams_comes_in_order(box: Sandbox) -> None:
    equal(run(box, "echo one; echo two >&2; echo three; printf end"), "one\ntwo\nthree\nend")


@check()
def stdin_is_empty(box: Sandbox) -> None:
    result = box.run("cat; read x; python -c 'import sys; print(repr(sys.stdin.read()))'", LIMITS)
    equal(result.text, "''\n")


@check(
    cases=[
        ("x=7; cat <<END\n$x\nEND\necho after", "7\nafter\n"),
        ("cat <<'END'\n$x `date`\nEND", "$x `date`\n"),
        ("cat <<END\nno end mark", "no end mark"),
        ("cat <<A; cat <<B\na\nA\nb\nB", "a\nb\n"),
    ]
)
def heredocs(box: Sandbox, command: str, output: str) -> None:
    contains(run(box, command), output)
    equal(run(box, "echo alive"), "alive\n")


@check(cases=["echo 'open", 'echo "open', "echo $(", "if true; then", "((", "for", "}", "\\"])
def unfinished_syntax_is_an_error_and_no_more(box: Sandbox, command: str) -> None:
    box.run(command, LIMITS)
    result = box.run("echo alive", LIMITS)
    equal((result.text, result.shell), ("alive\n", "kept"))


@check()
def line_numbers_in_messages_are_the_commands_own(box: Sandbox) -> None:
    contains(run(box, "true\ntrue\nnosuchprogram"), "line 3")


@check(cases=["", " ", "\n\n", "# a comment", "\0", "\r\n"])
def commands_without_content(box: Sandbox, command: str) -> None:
    box.run(command, LIMITS)
    equal(run(box, "echo alive"), "alive\n")


@check()
def a_command_of_a_megabyte(box: Sandbox) -> None:
    text = "x" * 1_000_000
    equal(run(box, f"v={text}; echo ${{#v}}"), "1000000\n")
    contains(run(box, f"/bin/echo {text}"), "too long")


@check()
def background_jobs_do_not_hold_a_step_up(box: Sandbox) -> None:
    result = box.run("(sleep 0.2; echo late) & echo now", LIMITS)
    equal((result.text, result.elapsed < 0.2), ("now\n", True))
    equal(run(box, "wait; echo then"), "late\nthen\n")


@check()
def a_background_job_that_never_stops_printing(box: Sandbox) -> None:
    equal(box.run("yes & echo started", LIMITS).returncode, 0)
    equal(box.run("kill %1; wait; echo stopped", LIMITS).text[-8:], "stopped\n")


@check()
def a_trace_shows_the_commands_own_lines(box: Sandbox) -> None:
    equal(run(box, "set -x"), "")
    equal(run(box, "echo one\nfalse"), "++ echo one\none\n++ false\n")
    equal(run(box, "echo $?; PS4='> '"), "++ echo 1\n1\n++ PS4='> '\n")
    equal(run(box, "set +x"), ">> set +x\n")
    equal(run(box, "echo two"), "two\n")


@check(
    cases=[
        ("trap 'echo trap:$BASH_COMMAND' DEBUG", ["trap:false\n", "trap:echo $?\n1\n"]),
        ("set -T; trap 'echo trap:$BASH_COMMAND' DEBUG", ["trap:false\n", "trap:echo $?\n1\n"]),
        ("trap 'echo trap' ERR", ["trap\n", "1\n"]),
        ("set -E; trap 'echo trap' ERR", ["trap\n", "1\n"]),
        ("set -T; trap 'echo trap' RETURN", ["", "1\n"]),
        ("trap 'echo trap' EXIT", ["", "1\n"]),
    ]
)
def traps_see_the_commands_alone(box: Sandbox, trap: str, shown: list[str]) -> None:
    equal(run(box, trap), "")
    equal([run(box, "false"), run(box, "echo $?")], shown)


@check(
    cases=[
        "set -u",
        "set -f",
        "set -v",
        "set -e",
        "set -a",
        "set -C",
        "set -r",
        "set -t",
        "set -k",
        "set -o posix",
        "shopt -s extdebug failglob nullglob xpg_echo lastpipe execfail expand_aliases",
        "IFS=0123456789",
        "readonly IFS",
        "PS4='$(echo loud)' PROMPT_COMMAND='echo loud' PS1=loud",
        "unset PATH",
        "umask 777",
        "ulimit -n 30",
        "ulimit -f 0",
        ":() { echo mine; }; echo() { builtin echo mine; }; read() { :; }; eval() { :; }; printf() { :; }",
        "exit() { :; }; trap() { :; }; mapfile() { :; }; return() { :; }; break() { :; }; set() { :; }; unset() { :; }",
        "shopt -s expand_aliases; alias builtin=false until=false if=false eval=false",
        "export BASH_ENV=/nowhere ENV=/nowhere SHELLOPTS",
        "mkdir d; cd d; rmdir ../d",
        "enable -n echo read",
    ]
)
def settings_stay_and_the_shell_goes_on(box: Sandbox, setting: str) -> None:
    run(box, "x=5")
    result = box.run(setting, LIMITS)
    equal((result.output, result.shell), (b"", "kept"))
    for _ in range(2):
        result = box.run("[[ $x == 5 ]]", LIMITS)
        contains((b"", b"[[ $x == 5 ]]\n"), result.output)  # as `set -v` says it
        equal((result.returncode, result.shell), (0, "kept"))


@check()
def a_break_without_a_loop_is_said(box: Sandbox) -> None:
    for command in ("break", "continue", "continue 1", "continue 3", "exec 2>&1; break", "exec 2>&1; continue"):
        result = box.run(f"echo before; {command}; echo after", LIMITS)
        words = "before\nbash: break or continue outside of a loop"
        equal(result.text[: len(words)], words)
        equal((result.returncode, result.shell), (1, "kept"))
    equal(run(box, "for i in 1 2; do continue; done; echo continue"), "continue\n")
    run(box, "set -x")
    contains(run(box, "continue; echo after"), "outside of a loop")


@check()
def time_that_an_agent_thinks_does_not_end_the_shell(box: Sandbox) -> None:
    run(box, "x=5; TMOUT=1")
    time.sleep(1.3)
    result = box.run("echo $x", LIMITS)
    equal((result.text, result.shell), ("5\n", "kept"))


@check()
def a_shell_that_stops_itself_is_woken(box: Sandbox) -> None:
    result = box.run("kill -STOP $$; echo awake", LIMITS)
    equal((result.text, result.shell), ("awake\n", "kept"))


@check(
    cases=[
        ("while :; do echo y; done | head -1; echo finished", "y\nfinished\n"),
        ("set -o pipefail; yes | head -1; echo $?", "y\n141\n"),
        ("trap -p PIPE XFSZ INT HUP", ""),
        ("grep -E '^Sig(Ign|Blk)' /proc/self/status | while read _ n; do echo $((0x$n & 0x7fffffff)); done", "0\n0\n"),
    ]
)
def no_signal_is_ignored(box: Sandbox, command: str, output: str) -> None:
    result = box.run(command, LIMITS)
    equal((result.text, result.elapsed < 5), (output, True))


@check()
def a_workspace_that_was_removed_is_made_again_with_the_next_shell(box: Sandbox) -> None:
    run(box, f"cd /; rm -rf {box.workspace}; exit")
    equal(run(box, "pwd; echo x > file; cat file"), f"{box.workspace}\nx\n")


@check()
def a_workspace_replaced_by_a_file(box: Sandbox) -> None:
    run(box, f"cd /; rm -rf {box.workspace}; touch {box.workspace}; exit")
    equal(run(box, "pwd"), "/\n")


@check()
def the_environment_is_ours_alone(box: Sandbox) -> None:
    os.environ["SYNTHGYM_CANARY"] = "canary"
    try:
        box.start()
    finally:
        del os.environ["SYNTHGYM_CANARY"]
    names = {line.partition("=")[0] for line in run(box, "env").splitlines()}
    known = {
        "PATH", "HOME", "USER", "LANG", "TERM", "TMPDIR", "PWD", "OLDPWD", "SHLVL", "_",
        "SYNTHGYM_TOOLS", "SYNTHGYM_CHANNEL",
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
    }  # fmt: skip
    equal(names - known, set(), "variables")


@check()
def python_has_what_challenges_use_and_no_more(box: Sandbox) -> None:
    equal(run(box, "python -c 'import numpy, scipy, pandas, sklearn, pyarrow; print(1)'"), "1\n")
    for missing in ("synthgym", "torch", "pip", "pydantic"):
        contains(run(box, f"python -c 'import {missing}'"), "ModuleNotFoundError")
