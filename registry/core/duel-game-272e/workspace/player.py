import random

moves = [0, 1]
payoff = [[3, 9], [8, 6]]


def play(mine, theirs):
    """Your next move; mine and theirs are the moves so far."""
    return random.choice(moves)
