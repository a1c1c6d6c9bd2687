import random

CHOICES = ['dock', 'circle']
GAIN = {
    'dock': {'dock': 5, 'circle': 3},
    'circle': {'dock': 9, 'circle': 0},
}


def move(ours, foes):
    """ours: own past moves, foes: the opponent's."""
    return random.choice(CHOICES)
