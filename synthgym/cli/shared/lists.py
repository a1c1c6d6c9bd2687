"""Options that take several values: `--envs A B` means what `--envs A --envs B` means, in every command."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from typer.core import TyperCommand


class Command(TyperCommand):
    """A command whose repeatable options take one value or more.

    What follows such an option belongs to it, up to the next option. Arguments that the command needs and that stand
    nowhere else are the last of these: `aup --without A B DIR`. Where the command takes any number of arguments,
    only files, folders and addresses belong to the option: `list --collection DIR 'toys/*'`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Help is wrapped to the terminal's width, which the lines of a docstring are not.
        self.help = _reflowed(self.help)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Reads the command line."""
        try:
            words = spread(self.params, args)
        except ValueError as error:
            ctx.fail(str(error))
        return super().parse_args(ctx, words)


def spread(params: Iterable[Any], args: list[str]) -> list[str]:
    """The command line with every value of a repeatable option behind the option's own name.

    Example:
        >>> spread(command.params, ["--envs", "A", "B", "--jobs", "2"])
        ['--envs', 'A', '--envs', 'B', '--jobs', '2']

    Raises:
        ValueError: One has no value.
    """
    params = list(params)
    options = {name: each for each in params if each.param_type_name == "option" for name in each.opts}
    arguments = [each for each in params if each.param_type_name == "argument"]
    open_ended = any(each.nargs < 0 and not each.required for each in arguments)

    groups: list[tuple[str | None, list[str]]] = []  # a repeatable option and its values, or other words
    found = 0  # words that can only be arguments
    at = 0
    while at < len(args):
        word = args[at]
        at += 1
        if word == "--":
            found += len(args) - at
            groups.append((None, args[at - 1 :]))
            break
        name, equals, value = word.partition("=")
        option = options.get(name)
        if option is None or getattr(option, "is_flag", False):
            found += not _is_option(word)
            groups.append((None, [word]))
            continue
        values = [value] if equals else args[at : at + 1]
        if option.multiple and not equals and (not values or _is_option(values[0])):
            raise ValueError(f"Option '{name}' requires an argument.")
        at += 0 if equals else 1
        if not option.multiple:
            groups.append((None, [word] if equals else [word, *values]))
            continue
        while at < len(args) and not _is_option(args[at]) and (not open_ended or _is_place(args[at])):
            values.append(args[at])
            at += 1
        groups.append((name, values))

    missing = sum(max(each.nargs, 1) for each in arguments if each.required) - found
    words: list[str] = []
    for repeatable, values in reversed(groups):
        if repeatable is None:
            words = values + words
            continue
        given = max(0, min(missing, len(values) - 1))
        missing -= given
        kept, rest = values[: len(values) - given], values[len(values) - given :]
        words = [word for value in kept for word in (repeatable, value)] + rest + words
    return words


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-"


def _is_place(word: str) -> bool:
    return word.startswith("hf://") or os.path.exists(word)


def _reflowed(text: str | None) -> str | None:
    if text is None:
        return None
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
