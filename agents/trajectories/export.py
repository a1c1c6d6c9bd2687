"""Trajectories as training data: one JSON line ``{"messages": [{"role": …, "content": …}, …]}`` a sample.

What a model was shown is what it is trained on. An episode in which older observations were left out on the way gives
one sample for each state of the conversation. Replies that are context only have ``"weight": 0``, as in OpenAI's
format: those given to an earlier state, and those that were sent back because they held no command, or several.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from synthgym.agents.agent import Message
from synthgym.agents.chat.actions import Reply, parse_reply, write_reply
from synthgym.agents.chat.agent import conversation, load_prompt
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import UserError
from synthgym.base.files.outputs import whole_file

_COMPRESSED = (".zst", ".gz", ".bz2", ".xz", ".zip")


def turns(record: Trajectory, prompt: str = "short") -> list[Message]:
    """The episode as a conversation: as the model was last shown it, or built from the steps of an agent without one.

    What comes after the last reply is left out: nobody answered it.

    Args:
        record: The episode.
        prompt: System prompt for agents that were shown none.
    """
    messages = list(record.messages)
    if not any(message["role"] == "assistant" for message in messages):
        replies = [step.content or write_reply("", step.action) for step in record.steps]
        pairs = zip(replies, (step.observation for step in record.steps), strict=True)
        messages = conversation(load_prompt(prompt), record.reset.observation, pairs)
    while messages and messages[-1]["role"] != "assistant":
        messages.pop()
    return messages


def samples(record: Trajectory, prompt: str = "short") -> Iterator[dict[str, Any]]:
    """The training samples of an episode: mostly one."""
    learned = 0
    for shown in [*record.earlier, turns(record, prompt)]:
        messages = [
            message if _is_learned(message, position, learned) else {**message, "weight": 0}
            for position, message in enumerate(shown)
        ]
        if any("weight" not in message for message in messages if message["role"] == "assistant"):
            yield {"messages": messages}
        learned = len(shown)


def _is_learned(message: Message, position: int, learned: int) -> bool:
    """False for a reply that is context only; all other messages are shown as they are anyway."""
    if message["role"] != "assistant":
        return True
    return position >= learned and isinstance(parse_reply(message["content"]), Reply)


def export_messages(records: Iterable[Trajectory], path: str | Path, prompt: str = "short") -> int:
    """Writes the samples of all episodes to a JSONL file that appears whole or not at all.

    Returns:
        The number of samples.

    Raises:
        UserError: Its name says that it is compressed.
        OutputFolderError: It cannot be written.

    Example:
        >>> export_messages(Filter()(Store("runs/teacher")), "data/train.jsonl")
        200
    """
    path = Path(path)
    if path.suffix in _COMPRESSED:
        raise UserError(f"{path}: conversations are not compressed; expected a name that ends in .jsonl")
    count = 0
    with whole_file(path, named=True) as file:
        for record in records:
            for sample in samples(record, prompt):
                file.write(json.dumps(sample, ensure_ascii=False).encode() + b"\n")
                count += 1
    return count
