"""Tables on standard output: ruled on a terminal that has room for them, aligned text elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from synthgym.base.messages import say
from synthgym.base.text import one_line

_NARROWEST_NAME = 12


def print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a table whose first column is of names and whose others are of figures."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    head, rows = [one_line(each) for each in head], [[one_line(each) for each in row] for row in rows]
    console = Console(markup=False, emoji=False, highlight=False)
    if not console.is_terminal or console.is_dumb_terminal or _least_width(head, rows) > console.width:
        _print_plain(one_line(title), head, rows)
        return
    shown = Table(
        title=one_line(title) or None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        collapse_padding=True,
        pad_edge=False,
    )
    for i, column in enumerate(head):
        shown.add_column(column, justify="right" if i else "left", no_wrap=bool(i), overflow="fold")
    for row in rows:
        shown.add_row(*row)
    console.print(shown)


def _least_width(head: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """The narrowest that a ruled table can be without cutting a figure off; names are folded."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    return min(widths[0], _NARROWEST_NAME) + sum(widths[1:]) + 2 * len(widths)


def _print_plain(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    if title:
        say(title)
    for row in [head, *rows]:
        names = f"{row[0]:<{widths[0]}}"
        figures = (f"{text:>{width}}" for text, width in zip(row[1:], widths[1:], strict=True))
        say("  ".join([names, *figures]).rstrip())
