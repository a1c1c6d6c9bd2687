import random

MOVES = ['X', 'Y']
# your points, by your move and theirs
payoff = {
    'X': {'X': 7, 'Y': 4},
    'Y': {'X': 0, 'Y': 9},
}


def pick(us, them):
    """Your next move; us and them are the moves so far."""
    return random.choice(MOVES)
