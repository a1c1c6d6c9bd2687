import random

CHOICES = [0, 1, 2]
# your points, by your move and theirs
REWARD = [[9, 2, 2], [0, 0, 4], [5, 5, 2]]


def respond(ours, foes):
    """ours: own past moves, foes: the opponent's."""
    return random.choice(CHOICES)
