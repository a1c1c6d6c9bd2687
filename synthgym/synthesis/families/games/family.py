"""Iterated games against a hidden mixture of opponents; the submission is one function that chooses moves."""

from __future__ import annotations

import json
import random
from typing import Any

from synthgym.registry.challenge import Baseline, Budget, Challenge, Dataset, Metric, Provenance, Reference, Submission
from synthgym.synthesis.draft import Draft
from synthgym.synthesis.families import words
from synthgym.synthesis.families.games.opponents import best_worth, mixture, worth
from synthgym.synthesis.families.render import data, render

BUDGET = Budget(
    steps=20, validations=10, command_cpu_seconds=20, episode_cpu_seconds=120, memory_mb=512, pids=64, disk_mb=32
)

Matrix = list[list[float]]


def _payoffs(rng: random.Random, k: int) -> Matrix:
    """Whole numbers in which no move is best whatever the other side does."""
    while True:
        table = [[float(rng.randint(0, 9)) for _ in range(k)] for _ in range(k)]
        columns = [[row[b] for row in table] for b in range(k)]
        best = {column.index(max(column)) for column in columns}
        if len(best) == k and all(max(column) - sorted(column)[-2] >= 2 for column in columns):
            return table


def _worthwhile(rng: random.Random, k: int, split: str) -> dict[str, Any]:
    """Payoffs and opponents against which both a good move and good answers pay, and starters that leave room."""
    always = [[[float(a == move) for a in range(k)]] for move in range(k)]
    plans = {"turns": [plan[0] for plan in always], "chance": [[1 / k] * k]}
    while True:
        payoff, machines = _payoffs(rng, k), mixture(rng, k, split)
        constant = [worth(machines, payoff, plan) for plan in always]
        bound = best_worth(machines, payoff)
        if bound - min(constant) >= 1.5 and bound - max(constant) >= 0.8:
            poor = [name for name, plan in plans.items() if bound - worth(machines, payoff, plan) >= 1.5]
            starters = [constant.index(min(constant)), *poor]
            return {"payoff": payoff, "machines": machines, "starter": rng.choice(starters)}


FUNCTIONS = {
    "train": ("choose", "next_move", "play", "act", "decide", "pick"),
    "heldout": ("respond", "select", "move", "strategy"),
}
FILES = {
    "train": ("strategy.py", "player.py", "agent.py", "policy.py"),
    "heldout": ("bot.py", "moves.py", "solution.py"),
}
ARGUMENTS = {
    "train": (("mine", "theirs"), ("own", "other"), ("us", "them"), ("my_moves", "their_moves")),
    "heldout": (("ours", "foes"), ("me", "rival"), ("self_past", "other_past")),
}
TABLES = {"train": ("PAYOFF", "PAY", "POINTS", "payoff"), "heldout": ("REWARD", "GAIN", "VALUE")}
MOVES = {"train": ("MOVES", "moves", "OPTIONS"), "heldout": ("CHOICES", "ACTIONS")}


def _table(rng: random.Random, name: str, moves: list[Any], payoff: Matrix) -> list[str]:
    """The table of payoffs as code: rows by number, nested dictionaries, or pairs of moves."""
    whole = [[int(value) for value in row] for row in payoff]
    if moves == list(range(len(moves))):
        return [f"{name} = {whole}"]
    nested = rng.random() < 0.5
    lines = []
    for move, row in zip(moves, whole, strict=True):
        cells = zip(moves, row, strict=True)
        if nested:
            lines.append(f"    {move!r}: {{{', '.join(f'{other!r}: {value}' for other, value in cells)}}},")
        else:
            lines.append(f"    {', '.join(f'({move!r}, {other!r}): {value}' for other, value in cells)},")
    return [f"{name} = {{", *lines, "}"]


def _strategy(rng: random.Random, game: dict[str, Any], split: str) -> str:
    """The starter: plays one poor move, takes turns, or guesses."""
    moves, name, listing = game["moves"], game["table"], rng.choice(MOVES[split])
    mine, theirs = rng.choice(ARGUMENTS[split])
    bodies = {"turns": f"{listing}[len({mine}) % {len(moves)}]", "chance": f"random.choice({listing})"}
    body = bodies.get(game["starter"]) or repr(moves[game["starter"]])
    signature_comment = rng.choice(
        [
            f'"""Your next move; {mine} and {theirs} are the moves so far."""',
            f"# {mine}: your moves so far, {theirs}: the other side's",
            f'"""{mine}: own past moves, {theirs}: the opponent\'s."""',
        ]
    )
    comment = rng.choice([[f"# {name}: yours first, then theirs"], ["# your points, by your move and theirs"], []])
    return "\n".join(
        [
            *(["import random", ""] if "random" in body else []),
            f"{listing} = {moves}",
            *comment,
            *_table(rng, name, moves, game["payoff"]),
            "",
            "",
            f"def {game['function']}({f'{theirs}, {mine}' if game['swapped'] else f'{mine}, {theirs}'}):",
            f"    {signature_comment}",
            f"    return {body}",
            "",
        ]
    )


def _moves(rng: random.Random, variants: list[list[str]]) -> list[Any]:
    """Two or three moves: words of the story, letters, or numbers."""
    words_of = rng.choice([variants[0], *variants])
    k, style = len(words_of), rng.random()
    if style < 0.2:
        return list(range(k))
    if style < 0.35:
        return list(rng.choice(["ABC", "XYZ", "PQR"])[:k])
    return rng.sample(words_of, k)


def draft(identity: str, rng: random.Random, split: str) -> Draft:
    """One challenge; see `synthgym.synthesis.families.tabular.family.draft`."""
    story = rng.choice(data("games/stories.yaml")[split])
    moves = _moves(rng, story["moves"])
    file, rounds = rng.choice(FILES[split]), rng.randrange(40, 65, 5)
    game: dict[str, Any] = {
        "moves": moves,
        **_worthwhile(rng, len(moves), split),
        "function": rng.choice(FUNCTIONS[split]),
        "table": rng.choice(TABLES[split]),
        "swapped": rng.random() < 0.25,
        "rounds": rounds,
        "matches": rng.randrange(80, 140, 10),
    }
    starter = _strategy(rng, game, split)
    values = {"who": story["who"], "file": file, **game, "moves": ", ".join(map(str, moves))}
    description = " ".join(words.sentence(rng, "games", part, **values) for part in ("rules", "task"))
    machines = json.dumps(game["machines"])
    files = {
        f"workspace/{file}": starter,
        "grader/prepare.py": render("games/prepare.py.j2", opponents=machines),
        "grader/evaluate.py": render("games/evaluate.py.j2", **game),
        f"grader/reference/{file}": render("games/reference.py.j2", **game, opponents=machines),
    }
    files |= words.distractors(rng, split)
    lowest = min(min(row) for row in game["payoff"])
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
