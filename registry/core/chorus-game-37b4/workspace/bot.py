import random

CHOICES = [0, 1]
# REWARD: yours first, then theirs
REWARD = [[2, 6], [8, 1]]


def select(ours, foes):
    """ours: own past moves, foes: the opponent's."""
    return random.choice(CHOICES)
