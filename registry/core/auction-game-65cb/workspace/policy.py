import random

MOVES = [0, 1]
PAY = [[1, 9], [7, 1]]


def act(us, them):
    """us: own past moves, them: the opponent's."""
    return random.choice(MOVES)
