import random

OPTIONS = ['X', 'Y', 'Z']
PAYOFF = {
    ('X', 'X'): 4, ('X', 'Y'): 3, ('X', 'Z'): 2,
    ('Y', 'X'): 9, ('Y', 'Y'): 0, ('Y', 'Z'): 0,
    ('Z', 'X'): 3, ('Z', 'Y'): 1, ('Z', 'Z'): 8,
}


def play(theirs, mine):
    """Your next move; mine and theirs are the moves so far."""
    return random.choice(OPTIONS)
