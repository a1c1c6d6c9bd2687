"""Which challenges are drawn: those first on which the student's own episodes differ.

A group teaches by the differences within it, so a challenge's worth is the spread of rewards that the student showed on
it the last times, and how near one half the share of episodes is that beat the starter. Where every episode earns the
same, be it all or nothing, both are 0, and the challenge falls back to a small chance of being looked at again. Those
not seen yet are explored with a share of their own, those of a kind first of which others were worth it. No kind falls
away altogether: where one is not played any more, nothing holds what was learned of it, and nothing tells.

Everything is decided by the seed, the step and what was seen before; nothing by the clock.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from random import Random

from pydantic import BaseModel, ConfigDict

from synthgym.base.seeds import rng
from synthgym.train.rl.optimizing.advantages import spread
from synthgym.train.rl.settings import CurriculumSettings


class Seen(BaseModel):
    """What the student has shown on one challenge, the latest counting most.

    Attributes:
        groups: That were run on it.
        spread: Of rewards within a group.
        solved: Share of episodes that beat the starter.
        reward: Mean.
    """

    model_config = ConfigDict(extra="forbid")

    groups: int = 0
    spread: float = 0.0
    solved: float = 0.0
    reward: float = 0.0


class Curriculum:
    """Draws challenges.

    Args:
        env_ids: To draw from.
        settings: See `CurriculumSettings`.
        seed: Of the run.
        kinds: Of the challenges; without one, all are of the same.
    """

    def __init__(
        self, env_ids: Sequence[str], settings: CurriculumSettings, seed: int, kinds: Mapping[str, str] | None = None
    ) -> None:
        self.env_ids, self.settings, self.seed = list(env_ids), settings, seed
        self._kinds = kinds or {}
        self.seen: dict[str, Seen] = {}
        self.left_out: set[str] = set()

    def draw(self, step: int, count: int, besides: Collection[str] = (), turn: int = 0) -> list[str]:
        """Challenges for so many groups.

        Args:
            step: Of the training.
            count: How many; there are fewer where there are not so many challenges.
            besides: Already drawn in this step.
            turn: How often was drawn in this step before.
        """
        random = rng("curriculum", self.seed, step, turn)
        left = [env_id for env_id in self.env_ids if env_id not in besides and env_id not in self.left_out]
        drawn: list[str] = []
        while left and len(drawn) < count:
            new = [env_id for env_id in left if env_id not in self.seen]
            known = [env_id for env_id in left if env_id in self.seen]
            if self.settings.by == "uniform":
                chosen = random.choice(left)
            elif new and (not known or random.random() < self._explored(known)):
                promise = self._promise()
                chosen = self._choice(random, {name: promise.get(self._kind(name), 1.0) for name in new})
            else:
                chosen = self._choice(random, {name: self.weight(name) for name in known})
            drawn.append(chosen)
            left.remove(chosen)
        return drawn

    def weight(self, env_id: str) -> float:
        """How much a challenge that was seen is worth drawing again, from `floor` to 1."""
        seen = self.seen[env_id]
        half = 4 * seen.solved * (1 - seen.solved)
        return max(self.settings.floor, min(1.0, 2 * seen.spread) * (0.5 + 0.5 * half))

    def note(self, env_id: str, rewards: Sequence[float], solved: Sequence[bool]) -> None:
        """Takes in what a group has shown."""
        if not rewards:
            return
        before = self.seen.get(env_id, Seen())
        kept = self.settings.memory if before.groups else 0.0
        self.seen[env_id] = Seen(
            groups=before.groups + 1,
            spread=_mixed(before.spread, spread(rewards), kept),
            solved=_mixed(before.solved, sum(solved) / len(solved), kept),
            reward=_mixed(before.reward, statistics.fmean(rewards), kept),
        )

    def leave_out(self, env_id: str) -> None:
        """Draws a challenge no more: it cannot be run."""
        self.left_out.add(env_id)

    def state(self) -> dict[str, object]:
        """All that was seen, for JSON."""
        return {
            "seen": {name: seen.model_dump() for name, seen in sorted(self.seen.items())},
            "left_out": sorted(self.left_out),
        }

    def restore(self, state: dict[str, object]) -> None:
        """Takes up a state again."""
        seen, left_out = state["seen"], state["left_out"]
        assert isinstance(seen, dict)
        assert isinstance(left_out, list)
        self.seen = {name: Seen.model_validate(each) for name, each in seen.items()}
        self.left_out = set(left_out)

    def _kind(self, env_id: str) -> str:
        return self._kinds.get(env_id, "")

    def _choice(self, random: Random, weights: dict[str, float]) -> str:
        """One of them by weight, where every kind among them has its least share."""
        totals: dict[str, float] = defaultdict(float)
        for name, weight in weights.items():
            totals[self._kind(name)] += weight
        whole, lowest = sum(totals.values()), min(self.settings.kind_floor, 1 / len(totals))
        above = {kind: max(0.0, total / whole - lowest) for kind, total in totals.items()}
        scale = (1 - lowest * len(totals)) / (sum(above.values()) or 1.0)
        shares = {kind: (lowest + scale * above[kind]) / total for kind, total in totals.items()}
        return random.choices(list(weights), [weight * shares[self._kind(name)] for name, weight in weights.items()])[0]

    def _explored(self, known: Sequence[str]) -> float:
        """Share of draws that go to what was not seen yet: more, where nothing that was seen is worth much."""
        best = max(self.weight(env_id) for env_id in known)
        return max(self.settings.explore, 1.0 - best)

    def _promise(self) -> dict[str, float]:
        """What a challenge of each kind may be worth: the mean of those seen, and one that is taken for the best."""
        worth: dict[str, list[float]] = {}
        for env_id in self.seen:
            worth.setdefault(self._kind(env_id), [1.0]).append(self.weight(env_id))
        return {kind: statistics.fmean(values) for kind, values in worth.items()}


def _mixed(before: float, now: float, kept: float) -> float:
    return kept * before + (1 - kept) * now
