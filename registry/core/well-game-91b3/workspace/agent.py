import random

MOVES = ['sip', 'drain']
POINTS = {
    'sip': {'sip': 0, 'drain': 8},
    'drain': {'sip': 3, 'drain': 1},
}


def play(own, other):
    """Your next move; own and other are the moves so far."""
    return random.choice(MOVES)
