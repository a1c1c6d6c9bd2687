import random

moves = ['send', 'hush']
# your points, by your move and theirs
POINTS = {
    ('send', 'send'): 0, ('send', 'hush'): 7,
    ('hush', 'send'): 3, ('hush', 'hush'): 1,
}


def play(own, other):
    """Your next move; own and other are the moves so far."""
    return random.choice(moves)
