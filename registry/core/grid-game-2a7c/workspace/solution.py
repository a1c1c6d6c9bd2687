import random

CHOICES = [0, 1, 2]
REWARD = [[9, 2, 2], [0, 0, 4], [5, 5, 2]]


def respond(ours, foes):
    """Your next move; ours and foes are the moves so far."""
    return random.choice(CHOICES)
