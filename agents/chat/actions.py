"""From a model's reply to a command: a short discussion, then exactly one fenced block. Such as::

I read the starter first.
```bash
cat train.py
```
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from synthgym.agents.chat.fences import split
from synthgym.agents.chat.thoughts import strip_thoughts

LANGUAGES = frozenset({"", "bash", "sh", "shell", "zsh", "console", "shell-session", "shellsession"})
"""What may stand after the opening fence. Blocks of other languages are part of the discussion."""

FORMAT = "Reply with a short line, then exactly one command:\n```bash\ncommand\n```"

_SESSIONS = ("console", "shell-session", "shellsession")
"""Languages in which a prompt stands before the command."""


@dataclass(frozen=True)
class Reply:
    """A reply that names one command."""

    discussion: str
    command: str


@dataclass(frozen=True)
class ParseProblem:
    """A reply that names no command, or more than one. `message` is what the model is told."""

    kind: Literal["none", "several", "empty", "cut_off"]
    message: str


def parse_reply(text: str, *, cut_off: bool = False) -> Reply | ParseProblem:
    """Finds the command in a reply.

    Thoughts are not looked at (see `thoughts`). A block whose fence is never closed is no command: the reply was cut,
    and half a command is worse than none. Inside a block, a longer fence may hold shorter ones, as in Markdown.

    Args:
        text: The reply as it came.
        cut_off: Whether the endpoint said that it stopped at its limit of tokens; only the wording changes.
    """
    visible, thinking = strip_thoughts(text)
    if thinking:
        return ParseProblem("cut_off", f"Your reply ended while still thinking. Think less. {FORMAT}")
    discussion, blocks, open_ended = _split(visible)
    if open_ended:
        why = "was cut at the limit of tokens" if cut_off else "ended inside a block that is never closed"
        return ParseProblem("cut_off", f"Your reply {why}. Write less. {FORMAT}")
    if not blocks:
        why = "was cut at the limit of tokens before any command" if cut_off else "holds no command"
        return ParseProblem("cut_off" if cut_off else "none", f"Your reply {why}. {FORMAT}")
    if len(blocks) > 1:
        return ParseProblem("several", f"Your reply holds {len(blocks)} commands; none was run. {FORMAT}")
    if not blocks[0].strip():
        return ParseProblem("empty", f"The command in your reply is empty. {FORMAT}")
    return Reply(discussion, blocks[0])


def _split(text: str) -> tuple[str, list[str], bool]:
    """Discussion, the shell blocks, and whether a shell block is still open at the end."""
    discussion: list[str] = []
    commands: list[str] = []
    open_ended = False
    for part in split(text):
        if isinstance(part, str):
            discussion.append(part)
        elif not part.closed:
            open_ended = part.language in LANGUAGES
        elif part.language in _SESSIONS:
            commands.append("\n".join(line.removeprefix("$ ") for line in part.lines))
        else:
            (commands if part.language in LANGUAGES else discussion).append(part.text)
    return "\n".join(discussion).strip(), commands, open_ended


def write_reply(discussion: str, command: str) -> str:
    """The reply that `parse_reply` reads as these two: how scripted agents and exports write theirs."""
    fence = "```"
    while any(line.strip().startswith(fence) for line in command.split("\n")):
        fence += "`"
    return f"{discussion}\n{fence}bash\n{command}\n{fence}" if discussion else f"{fence}bash\n{command}\n{fence}"
