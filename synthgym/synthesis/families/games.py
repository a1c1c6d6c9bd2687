"""Iterated games against a hidden mixture of opponents; the submission is one function that chooses moves.

Every opponent is a small machine: a state says how likely each of its moves is, and both sides' moves say which state
comes next. That covers biased and cyclic players, imitators, grudgers and everything with a memory of one round, and it
lets the reference plan against a known mixture.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from synthgym.registry.challenge import Baseline, Budget, Challenge, Dataset, Metric, Provenance, Reference, Submission
from synthgym.synthesis.draft import Draft
from synthgym.synthesis.families import words
from synthgym.synthesis.families.render import data, render

BUDGET = Budget(steps=20, validations=10, command_cpu_seconds=20, episode_cpu_seconds=120, memory_mb=512, pids=64, disk_mb=32)

Matrix = list[list[float]]
Machine = dict[str, Any]


def _leaning(rng: random.Random, k: int, to: int, low: float = 0.75, high: float = 0.97) -> list[float]:
    """Probabilities of moves with most weight on one."""
    most = round(rng.uniform(low, high), 3)
    rest = round((1 - most) / (k - 1), 4)
    return [most if move == to else rest for move in range(k)]


def _steady(states: int, k: int, to: Callable[[int, int, int], int]) -> list[list[list[int]]]:
    return [[[to(s, a, b) for b in range(k)] for a in range(k)] for s in range(states)]


def _biased(rng: random.Random, k: int) -> Machine:
    return {"start": 0, "emit": [_leaning(rng, k, rng.randrange(k), 0.6, 0.9)], "next": _steady(1, k, lambda s, a, b: 0)}


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


OPPONENTS: dict[str, tuple[Callable[[random.Random, int], Machine], ...]] = {
    "train": (_biased, _biased, _cyclic, _imitator, _imitator, _grudger, _memory_one),
    "heldout": (_biased, _biased, _cyclic, _imitator, _shifter, _patient, _memory_one),
}
"""Kinds of opponent in each split."""


def _payoffs(rng: random.Random, k: int) -> Matrix:
    """Whole numbers in which no move is best whatever the other side does."""
    while True:
        table = [[float(rng.randint(0, 9)) for _ in range(k)] for _ in range(k)]
        best = {max(range(k), key=lambda a, b=b: table[a][b]) for b in range(k)}  # type: ignore[misc]
        columns = [sorted(row[b] for row in table) for b in range(k)]
        if len(best) == k and all(column[-1] - column[-2] >= 2 for column in columns):
            return table


def _mixture(rng: random.Random, k: int, split: str) -> list[Machine]:
    kinds = rng.sample(OPPONENTS[split], rng.randint(3, 5))
    shares = [rng.randint(2, 6) for _ in kinds]
    return [
        {"share": round(share / sum(shares), 4), **kind(rng, k)} for kind, share in zip(kinds, shares, strict=True)
    ]


FUNCTIONS = {
    "train": ("choose", "next_move", "play", "act", "decide", "pick"),
    "heldout": ("respond", "select", "move", "strategy"),
}
FILES = {"train": ("strategy.py", "player.py", "agent.py", "policy.py"), "heldout": ("bot.py", "moves.py", "solution.py")}
ARGUMENTS = {
    "train": (("mine", "theirs"), ("own", "other"), ("us", "them"), ("my_moves", "their_moves")),
    "heldout": (("ours", "foes"), ("me", "rival"), ("self_past", "other_past")),
}
TABLES = {"train": ("PAYOFF", "PAY", "POINTS", "payoff"), "heldout": ("REWARD", "GAIN", "VALUE")}
MOVES = {"train": ("MOVES", "moves", "OPTIONS"), "heldout": ("CHOICES", "ACTIONS")}


def _strategy(rng: random.Random, split: str, moves: list[Any], payoff: Matrix, function: str, swapped: bool) -> tuple[str, str]:
    """The starter, and what its table of payoffs is called."""
    name, listing = rng.choice(TABLES[split]), rng.choice(MOVES[split])
    whole = [[int(value) for value in row] for row in payoff]
    if moves == list(range(len(moves))):
        table = f"{name} = {whole}"
    elif rng.random() < 0.5:
        rows = [f"    {m!r}: {{{', '.join(f'{t!r}: {v}' for t, v in zip(moves, row, strict=True))}}}," for m, row in zip(moves, whole, strict=True)]
        table = "\n".join([f"{name} = {{", *rows, "}"])
    else:
        rows = [f"    {', '.join(f'({m!r}, {t!r}): {v}' for t, v in zip(moves, row, strict=True))}," for m, row in zip(moves, whole, strict=True)]
        table = "\n".join([f"{name} = {{", *rows, "}"])
    mine, theirs = rng.choice(ARGUMENTS[split])
    arguments = f"{theirs}, {mine}" if swapped else f"{mine}, {theirs}"
    worst = min(range(len(moves)), key=lambda a: sum(payoff[a]))
    randomly = rng.random() < 0.3
    turn = f"{listing}[len({mine}) % {len(moves)}]"
    body = f"random.choice({listing})" if randomly else rng.choice([repr(moves[worst]), repr(moves[worst]), turn])
    said = rng.choice(
        [
            f'"""Your next move; {mine} and {theirs} are the moves so far."""',
            f"# {mine}: your moves so far, {theirs}: the other side's",
            f'"""{mine}: own past moves, {theirs}: the opponent\'s."""',
        ]
    )
    comment = rng.choice([f"# {name}: yours first, then theirs", f"# your points, by your move and theirs", ""])
    lines = ["import random", ""] if randomly else []
    lines += [f"{listing} = {moves}", *([comment] if comment else []), table, "", "", f"def {function}({arguments}):", f"    {said}", f"    return {body}"]
    return "\n".join(lines) + "\n", name


def draft(identity: str, rng: random.Random, split: str) -> Draft:
    """One challenge; see `synthgym.synthesis.families.tabular.draft`."""
    story = rng.choice(data("games.yaml")[split])
    k = rng.choice([2, 2, 3])
    style = rng.random()
    moves: list[Any] = next(variant for variant in story["moves"] if len(variant) == k)
    if style < 0.2:
        moves = list(range(k))
    elif style < 0.35:
        moves = list(rng.choice(["ABC", "XYZ", "PQR"])[:k])
    else:
        moves = rng.sample(moves, k)
    payoff = _payoffs(rng, k)
    opponents = _mixture(rng, k, split)
    function, file, swapped = rng.choice(FUNCTIONS[split]), rng.choice(FILES[split]), rng.random() < 0.25
    rounds, matches = rng.randrange(40, 85, 5), rng.randrange(120, 200, 20)
    starter, table = _strategy(rng, split, moves, payoff, function, swapped)
    listed = ", ".join(map(str, moves))
    description = words.sentence(
        rng,
        f"You meet {story['who']} {rounds} times in a row. Each time both choose one of {listed}; what you get stands in {table}.",
        f"A game of {rounds} rounds with {story['who']}: both pick {listed} at once, and {table} gives your points.",
        f"Against {story['who']}, {rounds} rounds. Moves: {listed}. {table} in {file} holds your payoff.",
        f"Every round you and {story['who']} choose from {listed}; your points are in {table}. A match has {rounds} rounds.",
        f"{rounds} rounds, two sides, moves {listed}. The other is {story['who']}. Payoffs: {table}.",
    )
    description += " " + words.sentence(
        rng,
        f"Improve `{function}` in {file}: it returns your next move. Opponents differ from match to match; the score is the mean payoff a round.",
        f"Edit {file}: `{function}` is called before each round. Nobody tells you what kind of opponent it is. Score: mean points a round.",
        f"Make `{function}` in {file} earn more a round, averaged over many matches with different opponents.",
    )
    values = {"moves": moves, "payoff": payoff, "function": function, "swapped": swapped}
    machines = json.dumps(opponents)
    files = {
        f"workspace/{file}": starter,
        "grader/prepare.py": render("games/prepare.py.j2", opponents=machines),
        "grader/evaluate.py": render("games/evaluate.py.j2", **values, matches=matches, rounds=rounds, seed=rng.randrange(10**6)),
        f"grader/reference/{file}": render("games/reference.py.j2", **values, opponents=machines),
    }
    lowest = min(min(row) for row in payoff)
    challenge = Challenge(
        id=f"{story['slug']}-game-{identity}",
        title=f"{story['title']}: {' or '.join(map(str, moves))}",
        topic=f"repeated play with {story['who']}",
        domain=story["domain"],
        description=description,
        split="heldout" if split == "heldout" else "train",
        dataset=Dataset(source="generated"),
        submission=Submission(path=file, kind="module", max_bytes=100_000),
        metric=Metric(name="mean_payoff", direction="higher", worst=lowest),
        baseline=Baseline(command="true"),
        reference=Reference(command="true"),
        budget=BUDGET,
        provenance=Provenance(author="procedural"),
    )
    return Draft(challenge, {name: text.encode() for name, text in files.items()})
