from __future__ import annotations

import io
import os
import pty
import re
import select
import time

import pytest

from synthgym.base.progress import show_progress, still_running


def test_plain_lines_where_there_is_no_terminal() -> None:
    stream = io.StringIO()
    with show_progress("rollout", 3, stream) as progress:
        progress.advance()
        progress.say("[skipped] x")
        progress.advance(2, status="1 failed")
    assert re.fullmatch(r"\[skipped\] x\nrollout: 3/3, 1 failed \(\d+ s\)\n", stream.getvalue())


def test_what_is_left_is_estimated_where_the_end_is_known() -> None:
    stream = io.StringIO()
    for total in (3, None):
        with show_progress("rollout", total, stream) as progress:
            progress.advance()
    assert re.fullmatch(r"rollout: 1/3 \(\d+ s, about \d+ s left\)\nrollout: 1 \(\d+ s\)\n", stream.getvalue())


def test_the_last_line_comes_on_errors_too() -> None:
    stream = io.StringIO()
    try:
        with show_progress("synthesize", None, stream) as progress:
            progress.advance()
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert stream.getvalue().startswith("synthesize: 1 (")


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as stream:
        with show_progress("rollout", 4, stream) as progress:
            progress.advance(4, status="2 failed")
            progress.say("[bold] is said as it is")
        shown = ""
        while "said as it is" not in shown or "2 failed" not in shown:  # what was written arrives in pieces
            assert select.select([ours], [], [], 10)[0], shown
            shown += os.read(ours, 100_000).decode()
    os.close(ours)
    assert "4/4" in shown
    assert "2 failed" in shown
    assert "[bold] is said as it is" in shown
    assert "\x1b[" in shown


def test_one_long_step_says_that_it_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    with still_running("line: prepare.py", 480, pauses=(0.01, 0.01)):
        deadline = time.monotonic() + 30
        said = ""
        while said.count("\n") < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
            said += capsys.readouterr().err
    assert said.startswith("line: prepare.py has run for 0 s, of at most 480\n")
    assert said.count("\n") >= 2
    with still_running("slow to end", 0, pauses=(0.01, 10)):
        while not (said := capsys.readouterr().err) and time.monotonic() < deadline:
            time.sleep(0.01)
    assert "more than its 0" in said
    assert "of at most" not in said
    with still_running("quick", 1):
        pass
    capsys.readouterr()
    time.sleep(0.05)
    assert capsys.readouterr().err == ""


def test_nothing_that_is_said_steers_the_terminal() -> None:
    stream = io.StringIO()
    with show_progress("verify", stream=stream) as progress:
        progress.say("line: \x1b[2Jfailed\r\x9b2J")
    assert not {"\x1b", "\x9b", "\r"} & set(stream.getvalue())
    assert "line: failed" in stream.getvalue()


def test_what_failed_before_it_began_shows_no_count() -> None:
    stream = io.StringIO()
    with pytest.raises(ValueError, match="no key"), show_progress("rollout", 3, stream):
        raise ValueError("no key")
    assert stream.getvalue() == ""
