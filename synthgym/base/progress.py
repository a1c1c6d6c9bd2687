"""Progress of something long: a live bar on a terminal, a plain line every few seconds elsewhere (logs, CI)."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from synthgym.base.messages import say
from synthgym.base.text import one_line, printable

_PLAIN_SECONDS = 5.0
_PAUSES = 10.0, 30.0


class Progress(Protocol):
    """What a long operation reports to. Made by `show_progress`; `Silent` where nobody looks."""

    def advance(self, done: int = 1, status: str | None = None) -> None:
        """Moves on by `done` and, if given, replaces the status: a few words shown behind the count."""

    def say(self, text: str) -> None:
        """Prints a line of its own."""


class Silent:
    """Shows nothing."""

    def advance(self, done: int = 1, status: str | None = None) -> None:
        """Does nothing."""

    def say(self, text: str) -> None:
        """Does nothing."""


@contextmanager
def show_progress(title: str, total: int | None = None, stream: TextIO | None = None) -> Iterator[Progress]:
    """Shows how far something is, on standard error.

    Args:
        title: What is going on: ``"rollout"``.
        total: How many there are to do; None if that is not known.
        stream: Where to show it; standard error by default.

    Example:
        >>> with show_progress("rollout", len(episodes)) as progress:
        ...     for episode in episodes:
        ...         progress.advance(status=f"{failed} failed")
    """
    stream = stream or sys.stderr
    if stream.isatty() and os.environ.get("TERM", "dumb") != "dumb":  # which cannot draw a bar
        with _bar(title, total, stream) as bar:
            yield bar
    else:
        lines = _Lines(title, total, stream)
        try:
            yield lines
        finally:
            lines.finish()


class _Lines:
    def __init__(self, title: str, total: int | None, stream: TextIO) -> None:
        self._title, self._total, self._stream = title, total, stream
        self._done, self._status = 0, ""
        self._start = self._last = time.monotonic()
        self._shown: tuple[int, str] | None = None

    def advance(self, done: int = 1, status: str | None = None) -> None:
        self._done += done
        self._status = self._status if status is None else status
        if time.monotonic() - self._last >= _PLAIN_SECONDS:
            self._draw()

    def say(self, text: str) -> None:
        print(printable(text), file=self._stream, flush=True)

    def finish(self) -> None:
        begun = self._done or self._status or not self._total  # what ended before is told otherwise
        if begun and self._shown != (self._done, self._status):
            self._draw()

    def _draw(self) -> None:
        self._last = time.monotonic()
        self._shown = (self._done, self._status)
        count = f"{self._done}" if self._total is None else f"{self._done}/{self._total}"
        status = f", {self._status}" if self._status else ""
        gone = self._last - self._start
        left = ""
        if self._total and 0 < self._done < self._total:
            left = f", about {gone / self._done * (self._total - self._done):.0f} s left"
        self.say(f"{self._title}: {count}{status} ({gone:.0f} s{left})")


@contextmanager
def still_running(what: str, most_seconds: float, pauses: tuple[float, float] = _PAUSES) -> Iterator[None]:
    """Says on standard error that one long thing is still going on: after ten seconds, then every half minute.

    Nothing is said of what is done sooner. For a single step that cannot count; see `show_progress` for many.

    Args:
        what: What is going on: ``"line: prepare.py"``.
        most_seconds: Wall-clock time after which it will be ended.
        pauses: Seconds before it is said first, and between the times after.
    """
    done = threading.Event()

    def print_line() -> None:
        start = time.monotonic()
        pause, following = pauses
        while not done.wait(pause):
            seconds = time.monotonic() - start
            said = f"{what} has run for {seconds:.0f} s, of at most {most_seconds:.0f}"
            if seconds > most_seconds:
                said = (
                    f"{what} has run for {seconds:.0f} s: more than its {most_seconds:.0f}, as its sandbox takes long "
                    "to start or to end"
                )
            say(said, err=True)
            pause = following

    teller = threading.Thread(target=print_line, name="synthgym-still-running", daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


@contextmanager
def _bar(title: str, total: int | None, stream: TextIO) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = [TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    with RichProgress(
        *columns, TimeRemainingColumn(), TextColumn("{task.fields[status]}", markup=False), console=Console(file=stream)
    ) as bar:
        task = bar.add_task(one_line(title), total=total, status="")

        class Bar:
            def advance(self, done: int = 1, status: str | None = None) -> None:
                bar.update(task, advance=done)
                if status is not None:
                    bar.update(task, status=one_line(status))

            def say(self, text: str) -> None:
                bar.console.print(printable(text), markup=False, highlight=False)

        yield Bar()
