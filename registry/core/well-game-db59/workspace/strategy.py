import random

MOVES = [0, 1, 2]
# your points, by your move and theirs
payoff = [[7, 0, 5], [4, 9, 1], [2, 4, 9]]


def act(us, them):
    """us: own past moves, them: the opponent's."""
    return random.choice(MOVES)
