import random

CHOICES = [0, 1]
REWARD = [[2, 6], [8, 1]]


def select(ours, foes):
    """Your next move; ours and foes are the moves so far."""
    return random.choice(CHOICES)
