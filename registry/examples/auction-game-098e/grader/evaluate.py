"""Plays the submitted strategy against the hidden mixture; the score is the mean payoff of a round."""
import json
import os
import random
from pathlib import Path

from synthgym_grader import Module, write_result

MOVES = [0, 1, 2]
PAYOFF = [[0.0, 4.0, 1.0], [6.0, 1.0, 2.0], [1.0, 0.0, 4.0]]
MATCHES, ROUNDS = 90, 40


def deal(opponents):
    """Opponents in their shares, as exactly as whole matches allow."""
    total, dealt = 0.0, []
    for opponent in opponents:
        total += opponent["share"]
        dealt += [opponent] * (round(total * MATCHES) - len(dealt))
    return dealt


def spread(opponents, means):
    """Sd of the score: opponents' shares are fixed, only the play against each is random."""
    groups = {}
    for opponent, mean in zip(opponents, means):
        groups.setdefault(id(opponent), []).append(mean)
    squares = 0.0
    for group in groups.values():
        middle = sum(group) / len(group)
        squares += sum((mean - middle) ** 2 for mean in group) * len(group) / max(len(group) - 1, 1)
    return squares ** 0.5 / len(means)


rng = random.Random(os.environ["SECRET"])
opponents = deal(json.loads((Path(os.environ["PRIVATE"]) / "opponents.json").read_text()))
states, sums = [opponent["start"] for opponent in opponents], [0.0] * len(opponents)
module = Module(function="choose", history=2)
module.reset(len(opponents), rng.getrandbits(31))
inputs = [{} for _ in opponents]
for _ in range(ROUNDS):
    answers = module.act(inputs)
    inputs = []
    for i, (opponent, answer) in enumerate(zip(opponents, answers)):
        if type(answer) not in (int, str) or answer not in MOVES:
            module.reject(f"choose returned {answer!r}; expected one of {MOVES}")
        a, state = MOVES.index(answer), states[i]
        b = rng.choices(range(len(MOVES)), opponent["emit"][state])[0]
        sums[i] += PAYOFF[a][b]
        states[i] = opponent["next"][state][a][b]
        inputs.append({"append": [MOVES[a], MOVES[b]]})
means = [total / ROUNDS for total in sums]
write_result(sum(means) / len(means), spread(opponents, means))
