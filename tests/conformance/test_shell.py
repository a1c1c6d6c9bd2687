"""What every sandbox's shell does with what an agent may type."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from env_fixtures import LIMITS

from synthgym.envs.sandboxes.base import Limits, Sandbox


def run(box: Sandbox, command: str, limits: Limits = LIMITS) -> str:
    return box.run(command, limits).text


def test_the_workspace_is_where_it_starts(box: Sandbox) -> None:
    assert run(box, "pwd") == box.workspace + "\n"


def test_state_lives_across_steps(box: Sandbox) -> None:
    run(box, "cd /tmp; x=5; export Y=6; f() { echo f:$1; }; alias z='echo aliased'; set -o noclobber")
    assert run(box, "pwd; echo $x; sh -c 'echo $Y'; f 1; set -o | grep noclobber").split() == [
        "/tmp", "5", "6", "f:1", "noclobber", "on"
    ]  # fmt: skip


@pytest.mark.parametrize(("command", "code"), [("true", 0), ("false", 1), ("(exit 37)", 37), ("nosuchprogram", 127)])
def test_exit_codes(box: Sandbox, command: str, code: int) -> None:
    result = box.run(command, LIMITS)
    assert (result.returncode, result.shell) == (code, "kept")


def test_output_of_both_streams_comes_in_order(box: Sandbox) -> None:
    assert run(box, "echo one; echo two >&2; echo three; printf end") == "one\ntwo\nthree\nend"


def test_stdin_is_empty(box: Sandbox) -> None:
    result = box.run("cat; read x; python -c 'import sys; print(repr(sys.stdin.read()))'", LIMITS)
    assert result.text == "''\n"


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("x=7; cat <<END\n$x\nEND\necho after", "7\nafter\n"),
        ("cat <<'END'\n$x `date`\nEND", "$x `date`\n"),
        ("cat <<END\nno end mark", "no end mark"),
        ("cat <<A; cat <<B\na\nA\nb\nB", "a\nb\n"),
    ],
)
def test_heredocs(box: Sandbox, command: str, output: str) -> None:
    assert output in run(box, command)
    assert run(box, "echo alive") == "alive\n"


@pytest.mark.parametrize("command", ["echo 'open", 'echo "open', "echo $(", "if true; then", "((", "for", "}", "\\"])
def test_unfinished_syntax_is_an_error_and_no_more(box: Sandbox, command: str) -> None:
    box.run(command, LIMITS)
    result = box.run("echo alive", LIMITS)
    assert (result.text, result.shell) == ("alive\n", "kept")


def test_line_numbers_in_messages_are_the_commands_own(box: Sandbox) -> None:
    assert "line 3" in run(box, "true\ntrue\nnosuchprogram")


@pytest.mark.parametrize("command", ["", " ", "\n\n", "# a comment", "\0", "\r\n"])
def test_commands_without_content(box: Sandbox, command: str) -> None:
    box.run(command, LIMITS)
    assert run(box, "echo alive") == "alive\n"


def test_bytes_come_as_they_are(box: Sandbox) -> None:
    result = box.run(r"printf '\x00\xff\xfe\033[31mred\033[0m\r\n'", LIMITS)
    assert result.output == b"\x00\xff\xfe\x1b[31mred\x1b[0m\r\n"
    assert result.text.startswith("\x00��\x1b[31mred")


def test_unicode_both_ways(box: Sandbox) -> None:
    assert run(box, "echo 'é λ 漢 🙂'") == "é λ 漢 🙂\n"
    assert run(box, "echo a\ud800b") == "a?b\n"  # half a character, as broken models write


def test_a_command_of_a_megabyte(box: Sandbox) -> None:
    text = "x" * 1_000_000
    assert run(box, f"v={text}; echo ${{#v}}") == "1000000\n"
    assert "too long" in run(box, f"/bin/echo {text}")


def test_a_cut_in_the_middle_of_fifty_megabytes(box: Sandbox) -> None:
    result = box.run("echo first; head -c 50000000 /dev/zero; echo; echo last", LIMITS)
    assert result.returncode == 0
    assert result.output.startswith(b"first\n")
    assert result.output.endswith(b"\nlast\n")
    assert len(result.output) == LIMITS.output_bytes
    assert result.dropped == 50_000_000 + len("first\n\nlast\n") - LIMITS.output_bytes
    assert f"[… {result.dropped} characters left out …]" in result.text


def test_a_line_without_end(box: Sandbox) -> None:
    assert run(box, "head -c 60000 /dev/zero | tr '\\0' a") == "a" * 60_000


def test_background_jobs_do_not_hold_a_step_up(box: Sandbox) -> None:
    result = box.run("(sleep 0.2; echo late) & echo now", LIMITS)
    assert (result.text, result.elapsed < 0.2) == ("now\n", True)
    assert run(box, "wait; echo then") == "late\nthen\n"


def test_a_background_job_that_never_stops_printing(box: Sandbox) -> None:
    assert box.run("yes & echo started", LIMITS).returncode == 0
    assert box.run("kill %1; wait; echo stopped", LIMITS).text.endswith("stopped\n")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("exit", 0),
        ("exit 3", 3),
        ("set -e; false; echo no", 1),
        ("kill -9 $$", -9),
        ("exec false", 1),
        ("exec 5>&-; exit 4", 4),
    ],
)
def test_a_shell_that_ends_is_replaced(box: Sandbox, command: str, code: int) -> None:
    run(box, "echo kept > file; x=lost; cd /tmp")
    result = box.run(command, LIMITS)
    assert (result.returncode, result.shell) == (code, "exited")
    assert run(box, "echo ${x-gone}; pwd; cat file") == f"gone\n{box.workspace}\nkept\n"


def test_exec_of_a_program_that_lives_on(box: Sandbox) -> None:
    result = box.run("exec sh -c 'sleep 0.3; echo from sh; exit 6'", LIMITS)
    assert (result.text, result.returncode, result.shell) == ("from sh\n", 6, "exited")


@pytest.mark.parametrize(
    "command",
    [
        "exec >/dev/null 2>&1; echo unseen; (exit 3)",
        "exec >file; echo unseen; (exit 3)",
        "exec 1>&-; (exit 3)",
        "exec 2>&-; (exit 3)",
        "exec >&- 2>&-; (exit 3)",
        "exec 2>/dev/null; nosuchprogram; (exit 3)",
        "exec > >(cat >file); (exit 3)",
        "f() { command exec >file; }; f; (exit 3)",
        "echo 'exec >&-' >script; . ./script; (exit 3)",
    ],
)
def test_a_shell_that_lost_its_output_is_replaced(box: Sandbox, command: str) -> None:
    result = box.run(command, LIMITS)
    assert (result.text, result.returncode, result.shell) == ("", 3, "redirected")
    result = box.run("echo seen; echo as well >&2; nosuchprogram", LIMITS)
    assert result.text.startswith("seen\nas well\nbash: line 1: nosuchprogram")
    assert result.shell == "kept"


@pytest.mark.parametrize(
    ("command", "code", "shell"),
    [
        ("exec > >(tee log) 2>&1; echo result", 0, "redirected"),
        ("exec > >(grep -v secret | tee log) 2>&1; echo result; echo secret; exit 3", 3, "exited"),
        ("exec 2> >(sleep 0.1; tee log); echo result >&2; exit", 0, "exited"),
    ],
)
def test_what_reads_the_shells_output_may_finish(box: Sandbox, command: str, code: int, shell: str) -> None:
    result = box.run(command, LIMITS)
    assert (result.text, result.returncode, result.shell) == ("result\n", code, shell)
    assert run(box, "cat log") == "result\n"


def test_what_never_finishes_reading_is_not_waited_for(box: Sandbox) -> None:
    run(box, "sleep 1000 | sleep 1000 & disown")
    result = box.run("exec >file", LIMITS)
    assert (result.shell, result.elapsed < 4) == ("redirected", True)


@pytest.mark.parametrize(
    "command",
    [
        "exec 2>&1",
        "exec 3>&1 >file; echo unseen; exec >&3 3>&-",
        "exec 0<&-",
        "exec </dev/null",
        "exec 3<&0; cat <&3",
        "exec 3>file 4<file; echo unseen >&3",
        "exec 7>&1 8>&1 9>&1 51>&1",
        "(exec >file; echo unseen)",
        "{ echo unseen; } >file",
    ],
)
def test_a_shell_that_kept_its_output_is_kept(box: Sandbox, command: str) -> None:
    result = box.run(f"x=5; {command}; (exit 3)", LIMITS)
    assert (result.text, result.returncode, result.shell) == ("", 3, "kept")
    assert run(box, "echo $? $x; cat; nosuchprogram 2>/dev/null") == "3 5\n"


def test_a_trace_shows_the_commands_own_lines(box: Sandbox) -> None:
    assert run(box, "set -x") == ""
    assert run(box, "echo one\nfalse") == "++ echo one\none\n++ false\n"
    assert run(box, "echo $?; PS4='> '") == "++ echo 1\n1\n++ PS4='> '\n"
    assert run(box, "set +x") == ">> set +x\n"
    assert run(box, "echo two") == "two\n"


@pytest.mark.parametrize(
    ("trap", "shown"),
    [
        ("trap 'echo trap:$BASH_COMMAND' DEBUG", ["trap:false\n", "trap:echo $?\n1\n"]),
        ("set -T; trap 'echo trap:$BASH_COMMAND' DEBUG", ["trap:false\n", "trap:echo $?\n1\n"]),
        ("trap 'echo trap' ERR", ["trap\n", "1\n"]),
        ("set -E; trap 'echo trap' ERR", ["trap\n", "1\n"]),
        ("set -T; trap 'echo trap' RETURN", ["", "1\n"]),
        ("trap 'echo trap' EXIT", ["", "1\n"]),
    ],
)
def test_traps_see_the_commands_alone(box: Sandbox, trap: str, shown: list[str]) -> None:
    assert run(box, trap) == ""
    assert [run(box, "false"), run(box, "echo $?")] == shown


def test_the_trap_on_exit_is_seen(box: Sandbox) -> None:
    result = box.run("trap 'echo bye' EXIT; exit 4", LIMITS)
    assert (result.text, result.returncode, result.shell) == ("bye\n", 4, "exited")


@pytest.mark.parametrize(
    "setting",
    [
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
    ],
)
def test_settings_stay_and_the_shell_goes_on(box: Sandbox, setting: str) -> None:
    run(box, "x=5")
    result = box.run(setting, LIMITS)
    assert (result.output, result.shell) == (b"", "kept")
    for _ in range(2):
        result = box.run("[[ $x == 5 ]]", LIMITS)
        assert result.output in (b"", b"[[ $x == 5 ]]\n")  # as `set -v` says it
        assert (result.returncode, result.shell) == (0, "kept")


@pytest.mark.parametrize(
    "command",
    [
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
    ],
)
def test_a_driver_that_is_broken_is_replaced_at_once(box: Sandbox, command: str) -> None:
    results = [box.run(command, LIMITS), box.run("echo one", LIMITS)]
    assert {"exited", "broken"} & {result.shell for result in results}
    assert [result.timeout for result in results] == [None, None]
    assert run(box, "echo two") == "two\n"


@pytest.mark.parametrize(
    "command",
    [f"enable -n {name}" for name in ("eval", "trap", "return", "mapfile", "kill", "break")]
    + ["e=$(echo enable); $e -n eval", 'builtin() { command builtin "$@"; }'],
)
def test_a_command_that_takes_what_the_driver_needs_is_answered_by_a_new_shell(box: Sandbox, command: str) -> None:
    result = box.run(f"x=5; {command}; (exit 3)", LIMITS)
    assert (result.text, result.returncode, result.shell) == ("", 3, "broken")
    result = box.run("echo ${x-gone}; eval echo two; (exit 4)", LIMITS)
    assert (result.text, result.returncode, result.shell) == ("gone\ntwo\n", 4, "kept")


def test_a_break_without_a_loop_is_said(box: Sandbox) -> None:
    for command in ("break", "continue", "continue 1", "continue 3", "exec 2>&1; break", "exec 2>&1; continue"):
        result = box.run(f"echo before; {command}; echo after", LIMITS)
        assert result.text.startswith("before\nbash: break or continue outside of a loop")
        assert (result.returncode, result.shell) == (1, "kept")
    assert run(box, "for i in 1 2; do continue; done; echo continue") == "continue\n"
    run(box, "set -x")
    assert "outside of a loop" in run(box, "continue; echo after")


def test_time_that_an_agent_thinks_does_not_end_the_shell(box: Sandbox) -> None:
    run(box, "x=5; TMOUT=1")
    time.sleep(1.3)
    result = box.run("echo $x", LIMITS)
    assert (result.text, result.shell) == ("5\n", "kept")


def test_a_shell_that_stops_itself_is_woken(box: Sandbox) -> None:
    result = box.run("kill -STOP $$; echo awake", LIMITS)
    assert (result.text, result.shell) == ("awake\n", "kept")


@pytest.mark.parametrize(
    ("command", "output"),
    [
        (r"for i in 1 2 3; do printf '\r%s/3' $i; done; echo", "3/3\n"),
        (r"for i in 1 2 3; do printf '%s/3\r' $i; sleep 0.02; done; echo", "3/3\n"),
        (r"printf 'one\n10%%\r20%%\rdone\ntwo'", "one\ndone\ntwo"),
        (r"printf '10%%\r'; printf '20%%\r' >&2; printf '30%%'", "30%"),
        (r"printf 'a\r\nb\r\n'", "a\r\nb\r\n"),
        (r"printf 'a\r\r\nb\r\r\r\n'", "a\r\nb\r\n"),
        (r"printf '50%%'; sleep 0.1; printf '\r60%%'; sleep 0.1; printf '\r70%%\n'", "70%\n"),
        (
            r"for i in $(seq 30000); do printf '\rstate %s of 30000' $i; done; echo; echo end",
            "state 30000 of 30000\nend\n",
        ),
    ],
)
def test_a_progress_bar_is_its_last_state(box: Sandbox, command: str, output: str) -> None:
    result = box.run(command, LIMITS)
    assert (result.text, result.dropped) == (output, 0)


def test_a_raw_output_has_every_state(box: Sandbox) -> None:
    assert box.run(r"printf '\r1/2\r2/2\n'", Limits(raw_output=True)).output == b"\r1/2\r2/2\n"


@pytest.mark.parametrize("letter", ["a", "é", "漢", "🙂"])
def test_a_cut_counts_characters_and_tears_none(box: Sandbox, letter: str) -> None:
    count = 300_000
    result = box.run(f"printf '%.0s{letter}' $(seq {count})", LIMITS)
    for text in (result.text, result.shown(10_000), result.shown(9_999)):
        first, said, last = text.split("\n")
        assert set(first + last) == {letter}
        assert len(first) + len(last) + int(said.split()[1]) == count
    assert len(result.shown(10_000)) == 10_000


@pytest.mark.parametrize(
    ("command", "seen"),
    [
        (r"printf '\x1b[31m%s\x1b[0m\n' $(seq 1 9000)", 43_893),
        (r"printf '\x1b]8;;http://%s\x1b\\link\x1b]8;;\x07\n' $(seq 1 9000)", 45_000),
        (r"printf 'é%s\b\b \x1b[1;32m漢\r\n' $(seq 10000 30000)", 20_001 * 7),
        (r"printf '\xff\x80%s\n' $(seq 10000 50000)", 40_001 * 8),
    ],
)
def test_a_cut_counts_what_a_terminal_shows(box: Sandbox, command: str, seen: int) -> None:
    text = box.run(command, Limits(output_bytes=80_000)).shown(20_000)
    first, said, last = text.partition("\n[… ")[0], text.partition("\n[… ")[2], text.partition("…]\n")[2]
    assert len(first) + len(last) + int(said.split()[0]) == seen


@pytest.mark.parametrize(
    "sign", [r"\r", r"\x1b", r"\b", r"\n", r"\x1b[0", r"\x1b]", r"\x1b[1A", r"\xe6\xbc", r"\r\n\r", r"x\b", r"\x1b[A\n"]
)
def test_a_long_run_of_any_sign_costs_as_much_as_it_is_long(open_box: Callable[..., Sandbox], sign: str) -> None:
    box = open_box()
    script = f"import sys\nfor _ in range(2): sys.stdout.buffer.write(b'{sign}' * 1_000_000 + b'x' * 100_000)"
    box.write("loud.py", script.encode())
    result = box.run("python loud.py", LIMITS)
    assert (result.returncode, result.output.endswith(b"x")) == (0, True)
    assert result.elapsed < 8  # 1 s where the machine does nothing else


def test_a_cut_counts_a_state_too_long_for_a_progress_bar_once(box: Sandbox) -> None:
    result = box.run("printf 'a\\r'; head -c 100000 /dev/zero | tr '\\0' b", Limits(output_bytes=80_000))
    assert result.visible == 100_000


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("while :; do echo y; done | head -1; echo finished", "y\nfinished\n"),
        ("set -o pipefail; yes | head -1; echo $?", "y\n141\n"),
        ("trap -p PIPE XFSZ INT HUP", ""),
        ("grep -E '^Sig(Ign|Blk)' /proc/self/status | while read _ n; do echo $((0x$n & 0x7fffffff)); done", "0\n0\n"),
    ],
)
def test_no_signal_is_ignored(box: Sandbox, command: str, output: str) -> None:
    result = box.run(command, LIMITS)
    assert (result.text, result.elapsed < 5) == (output, True)


def test_a_hundred_megabytes(box: Sandbox) -> None:
    result = box.run("head -c 100000000 /dev/zero | tr '\\0' '\\n'", Limits())
    assert len(result.output) + result.dropped == result.characters == 100_000_000


@pytest.mark.parametrize(
    "trick", ["set -n", "sleep 9 & kill -STOP $$", "builtin() { :; }", "trap '' TERM INT; sleep 9 & wait"]
)
def test_a_shell_that_no_longer_answers_is_replaced(box: Sandbox, trick: str) -> None:
    short = Limits(cpu_seconds=5, wall_seconds=0.5)
    for command in (trick, "echo one", "echo two"):
        result = box.run(command, short)
    if result.text != "two\n":
        assert box.run("echo alive", LIMITS).text == "alive\n"


def test_a_workspace_that_was_removed_is_made_again_with_the_next_shell(box: Sandbox) -> None:
    run(box, f"cd /; rm -rf {box.workspace}; exit")
    assert run(box, "pwd; echo x > file; cat file") == f"{box.workspace}\nx\n"


def test_a_workspace_replaced_by_a_file(box: Sandbox) -> None:
    run(box, f"cd /; rm -rf {box.workspace}; touch {box.workspace}; exit")
    assert run(box, "pwd") == "/\n"


def test_the_environment_is_ours_alone(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary")
    box.start()
    names = {line.partition("=")[0] for line in run(box, "env").splitlines()}
    assert names <= {
        "PATH", "HOME", "USER", "LANG", "TERM", "TMPDIR", "PWD", "OLDPWD", "SHLVL", "_",
        "SYNTHGYM_TOOLS", "SYNTHGYM_CHANNEL",
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
    }  # fmt: skip


def test_python_has_what_challenges_use_and_no_more(box: Sandbox) -> None:
    assert run(box, "python -c 'import numpy, scipy, pandas, sklearn, pyarrow; print(1)'") == "1\n"
    for missing in ("synthgym", "torch", "pip", "pydantic"):
        assert "ModuleNotFoundError" in run(box, f"python -c 'import {missing}'")


def test_a_shell_that_will_take_no_more_commands(box: Sandbox) -> None:
    """The driver's own descriptors, closed by a trap that runs in the driver: the next command finds nobody there."""
    states = [box.run(command, LIMITS).shell for command in ("trap 'exec 11<&-; sleep 0.3' DEBUG", "echo lost")]
    assert "exited" in states
    assert box.run("echo next", LIMITS).text == "next\n"
