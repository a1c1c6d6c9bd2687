import random

moves = [0, 1]
PAY = [[1, 9], [7, 1]]


def act(own, other):
    """own: own past moves, other: the opponent's."""
    return random.choice(moves)
