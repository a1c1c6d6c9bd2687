"""From an episode's calls to sequences to train on: the tokens that were read and sampled, and which were sampled.

As long as a prompt begins with the one before and its reply, token for token, calls follow each other in one sequence.
Where it does not, because something was left out of the conversation or a reply is shown in other tokens than it was
sampled as, another sequence begins. In it only its own replies count: those that stand in its first prompt are text
that was read. So every sampled token counts once, in the context that it was sampled in. Nothing is tokenised here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from synthgym.agents.calls import Call, full_prompts
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import UserError


class Reply(NamedTuple):
    """Where a reply stands in a sequence: which call of the episode it is, its first token, the one behind its last."""

    call: int
    start: int
    end: int


@dataclass
class Sequence:
    """Tokens in a row.

    Attributes:
        ids: The tokens; the last one was sampled.
        mask: 1 where one was sampled, else 0.
        logprobs: Of those that were sampled, as the endpoint gave them; else 0.
        replies: What was sampled, call by call.
    """

    ids: list[int] = field(default_factory=list)
    mask: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    def _read(self, ids: list[int]) -> None:
        self.ids += ids
        self.mask += [0] * len(ids)
        self.logprobs += [0.0] * len(ids)

    def _sampled(self, position: int, call: Call) -> None:
        start = len(self.ids)
        self.ids += call.ids
        self.mask += [1] * len(call.ids)
        self.logprobs += call.logprobs
        self.replies.append(Reply(position, start, len(self.ids)))


def sequences(calls: Iterable[Call]) -> list[Sequence]:
    """The sequences of an episode, in order. A call in which nothing was sampled gives none of its own.

    Example:
        >>> first = Call(prompt_ids=[1, 2], ids=[3], logprobs=[-0.5])
        >>> sequences([first, Call(shared=3, prompt_ids=[4], ids=[5], logprobs=[-1.0])])[0].mask
        [0, 0, 1, 0, 1]
    """
    calls = list(calls)
    found: list[Sequence] = []
    for position, (call, prompt) in enumerate(zip(calls, full_prompts(calls), strict=True)):
        if not found or prompt[: len(found[-1].ids)] != found[-1].ids:
            found.append(Sequence())
        found[-1]._read(prompt[len(found[-1].ids) :])
        found[-1]._sampled(position, call)
    return [_ended(each) for each in found if any(each.mask)]


def sequences_of(record: Trajectory) -> list[Sequence]:
    """The sequences of a recorded episode; none where its model was never answered.

    Raises:
        UserError: It was recorded without tokens, or by an agent that has none.
    """
    if not record.calls and (record.steps or record.messages[2:]):
        raise UserError(
            f"episode {record.episode_id} ({record.env_id}, {record.agent}, seed {record.seed}) holds no tokens to "
            "train on; collect episodes with them: chat:MODEL@BASE_URL?tokens=true, where vLLM serves the model"
        )
    return sequences(record.calls)


def _ended(sequence: Sequence) -> Sequence:
    """The sequence up to the last token that was sampled."""
    end = max(reply.end for reply in sequence.replies if reply.end > reply.start)
    kept = [reply for reply in sequence.replies if reply.end <= end and reply.end > reply.start]
    return Sequence(sequence.ids[:end], sequence.mask[:end], sequence.logprobs[:end], kept)
