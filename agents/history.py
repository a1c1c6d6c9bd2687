"""What a long conversation leaves out: older observations, said so, in few big cuts.

Only observations are left out, oldest first; system prompt, briefing and the agent's own replies stay. What was left
out once stays out, and a cut goes well below the limit, so that cuts are rare: every call between two cuts shows an
extension of the call before (caches of endpoints live on that, and so does exact training data).
"""

from __future__ import annotations

from synthgym.agents.agent import Message

BRIEFING = 1
"""Last position where the briefing may stand: after the system prompt, or at 0 and in one message with it."""

_LEFT_OUT = "[old output left out: {} lines]"


def characters(messages: list[Message]) -> int:
    """Length of a conversation, the unit all limits here are in."""
    return sum(len(message["content"]) for message in messages)


def cut(messages: list[Message], limit: int, *, keep: int = 5) -> list[Message] | None:
    """The conversation with older observations left out, down to two thirds of `limit` if it can be had.

    Args:
        messages: System prompt, briefing, then replies and observations in turn. Not changed.
        limit: Characters that still fit.
        keep: Latest observations that are never left out.

    Returns:
        The shorter conversation, as long as the given one in messages; None where nothing is left to leave out.
    """
    shorter = list(messages)
    size, changed = characters(messages), False
    observations = [i for i, m in enumerate(messages) if m["role"] == "user" and i > BRIEFING]
    for position in observations[: max(len(observations) - keep, 0)]:
        if size <= limit * 2 // 3:
            break
        content = shorter[position]["content"]
        placeholder = _LEFT_OUT.format(content.count("\n") + 1)
        if len(placeholder) < len(content):
            shorter[position] = {**shorter[position], "content": placeholder}
            size += len(placeholder) - len(content)
            changed = True
    return shorter if changed else None
