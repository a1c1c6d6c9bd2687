import random

MOVES = ['sip', 'drain']
# POINTS: yours first, then theirs
POINTS = {
    ('sip', 'sip'): 0, ('sip', 'drain'): 8,
    ('drain', 'sip'): 3, ('drain', 'drain'): 1,
}


def play(mine, theirs):
    """Your next move; mine and theirs are the moves so far."""
    return random.choice(MOVES)
