"""Hidden opponents of iterated games: small machines, all of one form.

A machine is ``{"start": state, "emit": …, "next": …}``: ``emit[state]`` says how likely each of its moves is, and
``next[state][a][b]`` is the state after the player chose `a` and the machine `b`. That covers biased and cyclic
players, imitators, grudgers and all that remember one round, and lets the reference plan against a known mixture.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

Machine = dict[str, Any]


def _leaning(rng: random.Random, k: int, to: int, low: float = 0.75, high: float = 0.97) -> list[float]:
    """Probabilities of moves with most weight on one."""
    most = round(rng.uniform(low, high), 3)
    rest = round((1 - most) / (k - 1), 4)
    return [most if move == to else rest for move in range(k)]


def _steady(states: int, k: int, to: Callable[[int, int, int], int]) -> list[list[list[int]]]:
    return [[[to(s, a, b) for b in range(k)] for a in range(k)] for s in range(states)]


def _biased(rng: random.Random, k: int) -> Machine:
    return {
        "start": 0,
        "emit": [_leaning(rng, k, rng.randrange(k), 0.6, 0.9)],
        "next": _steady(1, k, lambda s, a, b: 0),
    }


def _cyclic(rng: random.Random, k: int) -> Machine:
    period = rng.randint(2, 4)
    moves = [rng.randrange(k) for _ in range(period)]
    moves[-1] = (moves[0] + 1) % k  # never the same move throughout
    return {
        "start": rng.randrange(period),
        "emit": [_leaning(rng, k, move, 0.9, 0.98) for move in moves],
        "next": _steady(period, k, lambda s, a, b: (s + 1) % period),
    }


def _imitator(rng: random.Random, k: int) -> Machine:
    """Answers the last move it saw by a fixed table, often the same move."""
    answers = list(range(k))
    if rng.random() < 0.5:
        rng.shuffle(answers)
    return {
        "start": rng.randrange(k),
        "emit": [_leaning(rng, k, move, 0.85, 0.97) for move in answers],
        "next": _steady(k, k, lambda s, a, b: a),
    }


def _grudger(rng: random.Random, k: int) -> Machine:
    """Kind until it sees one move, then hard for some rounds or for good."""
    offence, kind, hard = rng.randrange(k), rng.randrange(k), rng.randrange(k)
    hard = hard if hard != kind else (kind + 1) % k
    rounds = rng.choice([2, 3, 5, 0])
    states = 2 if rounds == 0 else 1 + rounds

    def to(s: int, a: int, b: int) -> int:
        if s == 0:
            return 1 if a == offence else 0
        return 1 if rounds == 0 or a == offence else (s + 1) % states

    emit = [_leaning(rng, k, kind, 0.9, 0.98)] + [_leaning(rng, k, hard, 0.9, 0.98)] * (states - 1)
    return {"start": 0, "emit": emit, "next": _steady(states, k, to)}


def _memory_one(rng: random.Random, k: int) -> Machine:
    """A tendency for each pair of last moves."""
    emit = [_leaning(rng, k, rng.randrange(k), 0.6, 0.95) for _ in range(k * k)]
    return {"start": rng.randrange(k * k), "emit": emit, "next": _steady(k * k, k, lambda s, a, b: a * k + b)}


def _shifter(rng: random.Random, k: int) -> Machine:
    """Stays with its move while it sees one it likes, else goes on to the next."""
    liked = rng.randrange(k)
    return {
        "start": rng.randrange(k),
        "emit": [_leaning(rng, k, move, 0.9, 0.98) for move in range(k)],
        "next": _steady(k, k, lambda s, a, b: s if a == liked else (s + 1) % k),
    }


def _patient(rng: random.Random, k: int) -> Machine:
    """Changes its move only after it has seen the same move twice in a row."""
    answers = rng.sample(range(k), k)
    # State 0: the start; 1 + m: plays the answer to m, saw m or something new once; 1 + k + m: has seen m last.
    states = 1 + 2 * k
    emit = [_leaning(rng, k, rng.randrange(k))] + [_leaning(rng, k, move, 0.9, 0.98) for move in answers] * 2

    def to(s: int, a: int, b: int) -> int:
        if s == 0:
            return 1 + a
        answered = (s - 1) % k
        if a == answered:
            return 1 + a
        return 1 + a if s > k else 1 + k + answered

    return {"start": 0, "emit": emit, "next": _steady(states, k, to)}


KINDS: dict[str, tuple[Callable[[random.Random, int], Machine], ...]] = {
    "train": (_biased, _biased, _cyclic, _imitator, _imitator, _grudger, _memory_one),
    "heldout": (_biased, _biased, _cyclic, _imitator, _shifter, _patient, _memory_one),
}
"""Kinds of opponent in each split."""


def mixture(rng: random.Random, k: int, split: str) -> list[Machine]:
    """Three to five machines for games of `k` moves, each with its `share` of the matches."""
    kinds = rng.sample(KINDS[split], rng.randint(3, 5))
    shares = [rng.randint(2, 6) for _ in kinds]
    return [{"share": round(share / sum(shares), 4), **kind(rng, k)} for kind, share in zip(kinds, shares, strict=True)]


def worth(machines: list[Machine], payoff: list[list[float]], plan: list[list[float]], rounds: int = 40) -> float:
    """What a player gets a round from a mixture who does not look at the other side: exact for that many rounds.

    Args:
        machines: The mixture.
        payoff: By the player's move, then the machine's.
        plan: Chances of the player's moves in each round; begun again when it ends.
        rounds: Length of a match.
    """
    total = 0.0
    for machine in machines:
        states = {machine["start"]: 1.0}
        for turn in range(rounds):
            after: dict[int, float] = {}
            for a, mine in enumerate(plan[turn % len(plan)]):
                for state, chance in states.items():
                    for b, theirs in enumerate(machine["emit"][state]):
                        likely = chance * mine * theirs
                        total += machine["share"] * likely * payoff[a][b] / rounds
                        state_after = machine["next"][state][a][b]
                        after[state_after] = after.get(state_after, 0.0) + likely
            states = after
    return total


def best_worth(machines: list[Machine], payoff: list[list[float]], rounds: int = 40) -> float:
    """What one could get a round from a mixture if one knew at once which machine one plays: an upper bound."""
    k, total = range(len(payoff)), 0.0
    for machine in machines:
        emit, then = machine["emit"], machine["next"]
        ahead = [0.0] * len(emit)
        for _ in range(rounds):
            ahead = [
                max(sum(emit[s][b] * (payoff[a][b] + ahead[then[s][a][b]]) for b in k) for a in k)
                for s in range(len(emit))
            ]
        total += machine["share"] * ahead[machine["start"]] / rounds
    return total
