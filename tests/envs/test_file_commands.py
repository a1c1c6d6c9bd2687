"""open, goto, scroll_up, scroll_down, create, edit, insert, find_file, search_file, search_dir."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from env_fixtures import LIMITS

from synthgym.envs.edit_action import edit_action
from synthgym.envs.sandboxes.base import Sandbox

LINES = "".join(f"line {n}\n" for n in range(1, 251))


@pytest.fixture
def files(open_box: Callable[..., Sandbox]) -> Sandbox:
    """A sandbox with a few files."""
    box = open_box("bubblewrap")
    box.write("long.txt", LINES.encode())
    box.write("short.txt", b"one\ntwo\nthree")
    box.write("sub/deep/other.py", b"import one\n")
    box.write("sub/.hidden/secret.py", b"one\n")
    box.write("bin.dat", b"\xff\x00one\n")
    return box


def run(box: Sandbox, command: str) -> str:
    return box.run(command, LIMITS).text


def shown(text: str) -> list[int]:
    """The numbers of the lines that a window shows."""
    return [int(line.split(":")[0]) for line in text.splitlines() if line.split(":")[0].isdigit()]


def test_open_shows_a_window(files: Sandbox) -> None:
    text = run(files, "open long.txt")
    assert text.startswith("[long.txt (250 lines)]\n1:line 1\n")
    assert text.endswith("(150 lines below)\n")
    assert shown(text) == list(range(1, 101))
    assert shown(run(files, "open long.txt 240")) == list(range(151, 251))
    assert run(files, "open short.txt") == "[short.txt (3 lines)]\n1:one\n2:two\n3:three\n"


def test_moving_the_window(files: Sandbox) -> None:
    run(files, "open long.txt")
    assert shown(run(files, "goto 125")) == list(range(75, 175))
    assert shown(run(files, "scroll_down")) == list(range(151, 251))
    assert shown(run(files, "scroll_up")) == list(range(51, 151))
    assert shown(run(files, "scroll_up")) == list(range(1, 101))
    assert shown(run(files, "goto 1")) == list(range(1, 101))
    assert shown(run(files, "cd /tmp; scroll_down")) == list(range(101, 201))


def test_create(files: Sandbox) -> None:
    assert run(files, "create new/file.py") == "[new/file.py (0 lines)]\n"
    assert "is there already; use: open short.txt" in run(files, "create short.txt")


@pytest.mark.parametrize(
    ("command", "after"),
    [
        ("edit 2:2 <<'E'\nzwei\nE", "one\nzwei\nthree"),
        ("edit 2 <<'E'\nzwei\ndrei\nE", "one\nzwei\ndrei\nthree"),
        ("edit 1:3 <<end_of_edit\n$HOME `date`\nend_of_edit", None),
        ("edit 1:2 <<'E'\nE", "three"),
        ("edit 1:2 </dev/null", "three"),
        ("printf last | edit 3:3", "one\ntwo\nlast\n"),
        ("insert 0 <<'E'\nzero\nE", "zero\none\ntwo\nthree"),
        ("insert 3 <<'E'\nfour\nE", "one\ntwo\nthree\nfour\n"),
    ],
)
def test_editing(files: Sandbox, command: str, after: str | None) -> None:
    text = run(files, f"open short.txt >/dev/null; {command}")
    assert text.startswith("[short.txt (")
    if after is not None:
        assert files.read("short.txt", 1000).decode() == after


@pytest.mark.parametrize(
    ("before", "command", "after"),
    [
        (b"caf\xe9,1\nb,2\n", "edit 2:2 <<'E'\nc,3\nE", b"caf\xe9,1\nc,3\n"),
        (b"caf\xe9,1\nb,2\n", "printf 'na\\xefve' | insert 1", b"caf\xe9,1\nna\xefve\nb,2\n"),
        (b"a\r\nb\r\nc\r\n", "edit 2:2 <<'E'\nd\ne\nE", b"a\r\nd\r\ne\r\nc\r\n"),
        (b"a\r\nb", "edit 2:2 <<'E'\nd\nE", b"a\r\nd\r\n"),
        (b"a\r\nb", "insert 2 <<'E'\nd\nE", b"a\r\nb\r\nd\r\n"),
        (b"a\nb\r\nc\n", "edit 1:1 <<'E'\nd\nE", b"d\nb\r\nc\n"),
        (b"a\n", "edit 1:1", b"a\n"),
        (b"a\n", "head -c 50000000 /dev/zero | edit 1:1", b"a\n"),
    ],
)
def test_what_was_not_asked_for_stays_byte_by_byte(files: Sandbox, before: bytes, command: str, after: bytes) -> None:
    files.write("table.csv", before)
    run(files, f"open table.csv; {command}")
    assert files.read("table.csv", 1000) == after
    assert "table.csv" in run(files, "goto 1")


def test_an_edit_without_text_is_refused(files: Sandbox) -> None:
    result = files.run("open short.txt >/dev/null; edit 1:2", LIMITS)
    assert result.text.startswith("edit: expected the new text on stdin; write: edit 1:2 <<'end_of_edit'")
    assert result.returncode == 1


@pytest.mark.parametrize(
    ("action", "command"),
    [
        ("edit 1:2\na\nend_of_edit", "edit 1:2 <<'end_of_edit'\na\nend_of_edit"),
        (" edit 3 \nend_of_edit \nls", " edit 3 <<'end_of_edit' \nend_of_edit\nls"),
        ("insert 3\na << b\nend_of_edit\nls", "insert 3 <<'end_of_edit'\na << b\nend_of_edit\nls"),
        (
            "open f\nedit 1:1\nedit 2:2\nend_of_edit\nedit 2:2\nb\nend_of_edit",
            "open f\nedit 1:1 <<'end_of_edit'\nedit 2:2\nend_of_edit\nedit 2:2 <<'end_of_edit'\nb\nend_of_edit",
        ),
        ("edit 1:2 << end_of_edit\n$a\nend_of_edit", "edit 1:2 <<'end_of_edit'\n$a\nend_of_edit"),
        ("edit 1:2\na", "edit 1:2\na"),
        ("cat <<E\nedit 1:2\na\nend_of_edit\nE", "cat <<E\nedit 1:2\na\nend_of_edit\nE"),
        ("echo edit 1:2\na\nend_of_edit", "echo edit 1:2\na\nend_of_edit"),
        ("edit 1:1 " * 100_000 + "\nend_of_edit", "edit 1:1 " * 100_000 + "\nend_of_edit"),
    ],
)
def test_the_text_of_an_edit_is_no_command(action: str, command: str) -> None:
    assert edit_action(action) == command


@pytest.mark.parametrize(
    "before",
    [
        "echo $((1<<3))",
        "(( x = (1 << 3) | 2 ))",
        "echo $[1<<3]",
        "echo $(( (1<<3) * $((1)) )) $(((1<<2)))",
        "cat <<< x",
        "cat <<E\nit's\nE",
        "cat <<-'E F' <<\\G\nit's\n\tE F\n\"\nG",
        "echo it\\'s # it's \"",
        "echo $'it\\'s' \"it's\" '<<'",
        'echo ${#x} $# "$(echo ")")" `echo \\\\`',
        'f() { echo "a \'b\nc"; }',
        'x="$(cat <<\'E\'\n"(\nE\n)"',
        "case $x in a) echo a;; esac",
        "echo \"# x\" '\\' '#'",
        'echo "((" a#\\(',
    ],
)
def test_an_edit_is_seen_behind_other_commands(before: str) -> None:
    after = "edit 1:1 <<'end_of_edit'\nit's $a\nend_of_edit\nls"
    assert edit_action(f"{before}\nedit 1:1\nit's $a\nend_of_edit\nls") == f"{before}\n{after}"
    assert edit_action(f"{before}\nopen f && edit 1:1 <<end_of_edit\nit's $a\nend_of_edit\nls") == (
        f"{before}\nopen f && {after}"
    )


@pytest.mark.parametrize(
    "action",
    [
        "cat > q.sh <<'EOF'\nopen f.txt\nedit 1:1 <<end_of_edit\nv=$HOME\nend_of_edit\nEOF",
        'echo "or <<end_of_edit"',
        "echo 'x\nedit 1:1\nfoo\nend_of_edit\n' > q",
        "python -c \"s='''\nedit 1:1\nfoo\nend_of_edit\n'''\"",
        "python - <<E\ns = '\nedit 1:1 <<end_of_edit\nE\nls",
        ": <<F; cat <<-G\nedit 1\nend_of_edit\nF\ninsert 1\nend_of_edit\n\tG",
        "x=(\nedit 1:1\nend_of_edit\n)",
        "echo \\\nedit 1:1\nend_of_edit",
        "cat <<end_of_edit\n$HOME\nend_of_edit",
        "echo \"$(cat <<'E'\nedit 1:1\nend_of_edit\nE\n)\"",
        "echo edit 1:1 <<end_of_edit\n$HOME\nend_of_edit",
        "# edit 1:1 <<end_of_edit\nls",
        "echo $((1 <<end_of_edit))",
    ],
)
def test_what_is_no_edit_is_left_alone(action: str) -> None:
    assert edit_action(action) == action


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("scroll_down", "scroll_down: no file is open; use: open PATH"),
        ("open missing.txt", "open: missing.txt: No such file or directory"),
        ("open sub", "Is a directory"),
        ("open short.txt two", "expected a line, got 'two'"),
        ("open", "wrong arguments; usage: open PATH [LINE]"),
        ("open short.txt; edit 3:9 <<<x", "expected lines between 1 and 3, got 3:9"),
        ("open short.txt; edit 2:1 <<<x", "expected lines between 1 and 3, got 2:1"),
        ("open short.txt; edit a:b <<<x", "expected FIRST:LAST, got 'a'"),
        ("open short.txt; insert 4 <<<x", "expected a line between 0 and 3, got 4"),
        ("open short.txt; rm short.txt; scroll_up", "No such file"),
        ("echo garbage > ~/.synthgym-open; goto 3", "no file is open"),
        ("search_file one", "no file is open"),
        ("insert", "usage: insert LINE"),
    ],
)
def test_what_is_wrong_is_said(files: Sandbox, command: str, said: str) -> None:
    result = files.run(command, LIMITS)
    assert said in result.text
    assert result.returncode == 1


def test_finding(files: Sandbox) -> None:
    assert run(files, "find_file '*.py'") == "./sub/deep/other.py\n1 files\n"
    assert run(files, "find_file long.txt sub") == "0 files\n"
    assert run(files, "search_file two short.txt") == "short.txt:2:two\n1 lines\n"
    assert run(files, "open short.txt >/dev/null; search_file e | tail -1") == "2 lines\n"


def test_searching_a_folder_passes_over_what_cannot_be_read(files: Sandbox) -> None:
    run(files, "mkfifo fifo; ln -s /nowhere dangling; echo one > closed; chmod 0 closed")
    assert run(files, "search_dir one").splitlines() == [
        "./bin.dat:1:�\0one", "./short.txt:1:one", "./sub/deep/other.py:1:import one", "3 lines"
    ]  # fmt: skip


def test_long_lists_are_cut(files: Sandbox) -> None:
    text = run(files, "search_dir line")
    assert text.endswith("250 lines (150 not shown)\n")
    assert len(text.splitlines()) == 101
