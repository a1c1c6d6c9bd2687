import random

MOVES = ['X', 'Y', 'Z']
# PAYOFF: yours first, then theirs
PAYOFF = {
    'X': {'X': 4, 'Y': 3, 'Z': 2},
    'Y': {'X': 9, 'Y': 0, 'Z': 0},
    'Z': {'X': 3, 'Y': 1, 'Z': 8},
}


def play(other, own):
    """own: own past moves, other: the opponent's."""
    return random.choice(MOVES)
