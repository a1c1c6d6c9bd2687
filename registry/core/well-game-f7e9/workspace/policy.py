import random

MOVES = ['X', 'Y', 'Z']
# PAY: yours first, then theirs
PAY = {
    ('X', 'X'): 4, ('X', 'Y'): 9, ('X', 'Z'): 6,
    ('Y', 'X'): 6, ('Y', 'Y'): 0, ('Y', 'Z'): 9,
    ('Z', 'X'): 9, ('Z', 'Y'): 4, ('Z', 'Z'): 6,
}


def act(own, other):
    """Your next move; own and other are the moves so far."""
    return random.choice(MOVES)
