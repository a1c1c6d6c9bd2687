import random

MOVES = ['high', 'low']
# your points, by your move and theirs
PAYOFF = {
    'high': {'high': 8, 'low': 2},
    'low': {'high': 5, 'low': 6},
}


def next_move(own, other):
    """Your next move; own and other are the moves so far."""
    return random.choice(MOVES)
