"""What an agent raised, in a line."""

from __future__ import annotations

import traceback
from collections.abc import Callable

import pytest
from toy_env import ToyEnv

from synthgym.agents.episode import run_episode
from synthgym.agents.tracebacks import error_line


class Timeout(Exception):
    """One that is not called an error, with more to say than a line."""


def of_several_lines() -> None:
    raise Timeout("the model server\nfirst hint\nsecond: hint")


def with_a_note() -> None:
    error = ValueError("real reason")
    error.add_note("RuntimeError: was seen earlier")
    raise error


def of_a_group() -> None:
    raise ExceptionGroup("many", [ValueError("a"), TypeError("b")])


def after_another() -> None:
    try:
        of_several_lines()
    except Timeout as error:
        raise KeyError("last\nof two") from error


def group_after_another() -> None:
    try:
        of_several_lines()
    except Timeout:
        of_a_group()


def below_its_name() -> None:
    raise RuntimeError("\nIt says so below.")


@pytest.mark.parametrize(
    ("raiser", "told"),
    [
        (of_several_lines, "Timeout: the model server"),
        (with_a_note, "ValueError: real reason"),
        (of_a_group, "ExceptionGroup: many (2 sub-exceptions)"),
        (after_another, "KeyError: 'last\\nof two'"),
        (group_after_another, "ExceptionGroup: many (2 sub-exceptions)"),
        (below_its_name, "RuntimeError: It says so below."),
    ],
)
def test_the_exception_that_ended_it_is_named(raiser: Callable[[], None], told: str) -> None:
    try:
        raiser()
    except Exception as error:
        text = "".join(traceback.format_exception(error)).rstrip()
    assert error_line(text).removeprefix(f"{__name__}.") == told


def test_a_sentence_is_its_own_reason() -> None:
    assert error_line("expected a command (str), got NoneType: None") == "expected a command (str), got NoneType: None"
    assert error_line("") == ""


def test_a_long_message_keeps_its_beginning_in_the_record() -> None:
    def wordy(observation: str, info: object) -> str:
        raise ValueError("why " + "x" * 9000)

    error = run_episode(ToyEnv(), wordy).outcome.error or ""
    assert len(error) < 5000
    assert error_line(error).startswith("ValueError: why xxx")
