"""What every sandbox's shell does with what an agent may type."""

from __future__ import annotations

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
    assert f"[… {result.dropped} bytes left out …]" in result.text


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


def test_a_shell_without_output_still_runs(box: Sandbox) -> None:
    assert run(box, "exec >/dev/null 2>&1; echo unseen") == ""
    assert box.run("echo unseen; false", LIMITS).returncode == 1
    run(box, "exit")
    assert run(box, "echo seen") == "seen\n"


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
    assert box.run("trap 'exec 8<&-; sleep 0.3' DEBUG", LIMITS).shell == "kept"
    assert box.run("echo lost", LIMITS).shell == "exited"
    assert box.run("echo next", LIMITS).text == "next\n"
