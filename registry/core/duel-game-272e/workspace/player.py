import random

MOVES = [0, 1]
payoff = [[3, 9], [8, 6]]


def play(mine, theirs):
    """mine: own past moves, theirs: the opponent's."""
    return random.choice(MOVES)
