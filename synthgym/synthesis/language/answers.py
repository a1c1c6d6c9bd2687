"""Reads what the model answers: JSON of a form, a program, files; says for the model to see what cannot be read.

Only what it said aloud is read: a draft among its thoughts is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from synthgym.agents.chat.fences import Block, split, unfenced
from synthgym.base.json_reading import parse_beginning
from synthgym.base.validation import problems
from synthgym.synthesis.language.calls import Answer

Form = TypeVar("Form", bound=BaseModel)

_HEADING = re.compile(r"#+\s*FILE:\s*`?([\w./-]+)`?\s*")
_TORN = (
    "a fenced block is never closed; where what is in a block holds fences of its own, put a longer fence around it: "
    "````"
)
_MOST_QUOTED = 160


class Unusable(Exception):
    """An answer that cannot be used; says what was expected and what came."""


def read_json(answer: Answer, form: type[Form]) -> Form:
    """The JSON object in an answer; it may stand in a fenced block, or among words.

    Raises:
        Unusable: There is none, or it is not of this form.
    """
    text = next((each.text for each in _blocks(answer.visible_text)), answer.visible_text)
    start = text.find("{")
    if start < 0:
        raise Unusable(f"expected a JSON object, got {_quoted(answer)}")
    try:
        data = parse_beginning(text, start)
    except ValueError as error:
        raise Unusable(f"the JSON cannot be read ({error}){_cut_off_note(answer)}") from None
    try:
        return form.model_validate(data)
    except ValidationError as error:
        raise Unusable(f"the JSON is not of the form asked for: {'; '.join(problems(error)[:5])}") from None


def read_program(answer: Answer) -> str:
    """The program in an answer: its longest fenced block.

    Raises:
        Unusable: There is no whole block, or one that is torn.
    """
    blocks = _blocks(answer.visible_text)
    if not blocks:
        raise Unusable(f"expected a whole program in a fenced block, got {_quoted(answer)}{_cut_off_note(answer)}")
    _check_whole(answer)
    return max((_as_file(block) for block in blocks), key=len)


def read_files(answer: Answer, names: Collection[str]) -> dict[str, str]:
    """The files in an answer, by name.

    A single block without a name is taken for the one file that it could be, where there is only one.

    Raises:
        Unusable: There are none, one has another name, or one is torn.
    """
    found = _named(answer)
    if not found and len(names) == 1:
        return {next(iter(names)): read_program(answer)}
    if not found:
        raise Unusable(
            f"expected files, each after a line '### FILE: name', got {_quoted(answer)}{_cut_off_note(answer)}"
        )
    for name in found:
        if name not in names:
            raise Unusable(f"expected files among {', '.join(sorted(names))}; got {name}")
    return found


def read_text(answer: Answer, least: int) -> str:
    """The text of an answer, without a fence around it.

    Raises:
        Unusable: It is shorter than so many characters, or was cut off.
    """
    text = unfenced(answer.visible_text).strip()
    if len(text) < least or answer.cut_off:
        raise Unusable(f"expected a text of at least {least} characters, got {_quoted(answer)}{_cut_off_note(answer)}")
    return text


def _blocks(text: str) -> list[Block]:
    return [part for part in split(text) if isinstance(part, Block) and part.closed]


def _named(answer: Answer) -> dict[str, str]:
    """The blocks that stand below the line that names their file."""
    found: dict[str, str] = {}
    name = ""
    for part in split(answer.visible_text):
        if isinstance(part, str):
            heading = _HEADING.fullmatch(part)
            name = heading[1] if heading else "" if part.strip() else name
        elif name and part.closed:
            found[name.removeprefix("./")] = _as_file(part)
            name = ""
    _check_whole(answer, headings=True)
    return found


def _check_whole(answer: Answer, headings: bool = False) -> None:
    """Raises `Unusable` where a block is torn: another was opened by what should have closed it."""
    for part in split(answer.visible_text):
        if isinstance(part, str):
            continue
        inside = headings and any(_HEADING.fullmatch(line) for line in part.lines)
        if inside or not part.closed:
            raise Unusable(f"{_TORN}{_cut_off_note(answer)}")


def _as_file(block: Block) -> str:
    return "".join(f"{line}\n" for line in block.lines)


def _quoted(answer: Answer) -> str:
    if answer.still_thinking:
        return "thoughts that never end, and nothing after them"
    text = " ".join(answer.visible_text.split())
    return repr(text if len(text) <= _MOST_QUOTED else text[: _MOST_QUOTED - 1] + "…") if text else "nothing"


def _cut_off_note(answer: Answer) -> str:
    return "; the answer was cut off at the endpoint's limit of tokens" if answer.cut_off else ""
