import random

MOVES = ['X', 'Y']
# your points, by your move and theirs
POINTS = {
    'X': {'X': 8, 'Y': 1},
    'Y': {'X': 2, 'Y': 6},
}


def next_move(own, other):
    """own: own past moves, other: the opponent's."""
    return random.choice(MOVES)
