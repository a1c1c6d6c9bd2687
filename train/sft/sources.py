"""What is trained on, read one by one: episodes of trajectory stores and packed files, or exported conversations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from synthgym.agents.agent import Message
from synthgym.agents.chat.actions import Reply, parse_reply
from synthgym.agents.trajectories.episode_files import opened, read_episodes
from synthgym.agents.trajectories.export import samples
from synthgym.agents.trajectories.filters import Filter, FilterSettings
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import FileError, UserError
from synthgym.base.json_reading import lines_of, parse_json
from synthgym.train.conversations import Conversation, Sample, conversations_of
from synthgym.train.sft.token_samples import exact_samples

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True)
class Example:
    """A conversation to train on, and where it is from.

    Attributes:
        messages: Replies with ``"weight": 0`` are context only.
        challenge: Of the episode; empty for exported conversations, which do not say.
        improvement: Of the episode's submission.
        sample: The conversation in the tokens that it was had in, where these are known and the student's own.
        origin: What it is held out with, where that is not its challenge: the conversation that it is a copy of.
    """

    messages: Conversation
    challenge: str = ""
    improvement: float | None = None
    sample: Sample | None = None
    origin: str = ""


@dataclass
class Reading:
    """Reads sources, and counts what they hold.

    Attributes:
        paths: Folders of rollouts or benchmarks, packed trajectories, files of exported conversations.
        settings: Which episodes are kept; exported conversations are kept as they are.
        mask_failed_turns: Whether replies whose command failed become context.
        tokenizer: The student's, for episodes that were recorded with their tokens; see `token_samples`.
        yields: For each source of episodes how many were seen, kept, and left out for what; complete at the end.
    """

    paths: Sequence[Path]
    settings: FilterSettings
    mask_failed_turns: bool = False
    tokenizer: PreTrainedTokenizerBase | None = None
    yields: dict[str, dict[str, object]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Example]:
        """The examples, source after source.

        Raises:
            UserError: No source is given, one is missing, or a line is not what it should be.
        """
        if not self.paths:
            raise UserError("nothing to train on is given; expected folders of rollouts or files of trajectories")
        for path in self.paths:
            if is_conversations(path):
                for messages in conversations_of(path):
                    yield Example(messages)
            else:
                keep = Filter(self.settings)
                for record in keep(read_episodes(path)):
                    yield from self._examples(record)
                self.yields[str(path)] = keep.report.model_dump(exclude={"environments"})

    @property
    def left_out(self) -> str:
        """Of which episodes nothing came, and why: in words, empty where the filter kept all."""
        reasons: Counter[str] = Counter()
        for report in self.yields.values():
            dropped = report.get("dropped")
            reasons.update(dropped if isinstance(dropped, dict) else {})
        return ", ".join(f"{count} for {reason}" for reason, count in sorted(reasons.items()))

    def _examples(self, record: Trajectory) -> Iterator[Example]:
        failed = _failed(record) if self.mask_failed_turns else set()
        exact = exact_samples(self.tokenizer, record, failed) if self.tokenizer else None
        if exact is not None:
            for each in exact:
                yield Example(record.messages, record.env_id, record.outcome.improvement, each)
            return
        for sample in samples(record):
            messages = _masked(sample["messages"], failed)
            if any(message["role"] == "assistant" and message.get("weight", 1) for message in messages):
                yield Example(messages, record.env_id, record.outcome.improvement)


def _failed(record: Trajectory) -> set[int]:
    """Which of the replies with a command failed, counted from the first."""
    return {index for index, step in enumerate(record.steps) if step.returncode not in (0, None)}


def _masked(messages: list[Message], failed: set[int]) -> list[Message]:
    if not failed:
        return messages
    masked, steps = [], 0
    for message in messages:
        if message["role"] == "assistant" and isinstance(parse_reply(message["content"]), Reply):
            message = {**message, "weight": 0} if steps in failed else message
            steps += 1
        masked.append(message)
    return masked


def is_conversations(path: str | Path) -> bool:
    """Whether a file holds exported conversations: its first line has messages and is no episode."""
    path = Path(path)
    if not path.is_file():
        return False
    with opened(path) as file:
        try:
            lines = (line for _, line in lines_of(file, str(path)))
            first = parse_json(next((line for line in lines if line.strip()), b"null"))
        except (FileError, ValueError):
            return path.suffix == ".jsonl"  # whoever reads it says what is wrong
    return not isinstance(first, dict) or "episode_id" not in first


def paths_of(given: str | Path | Iterable[str | Path]) -> list[Path]:
    """Sources as a list."""
    return [Path(given)] if isinstance(given, str | Path) else [Path(each) for each in given]
