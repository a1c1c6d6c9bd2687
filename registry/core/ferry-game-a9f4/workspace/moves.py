import random

CHOICES = ['dock', 'circle']
GAIN = {
    ('dock', 'dock'): 5, ('dock', 'circle'): 3,
    ('circle', 'dock'): 9, ('circle', 'circle'): 0,
}


def move(ours, foes):
    """Your next move; ours and foes are the moves so far."""
    return random.choice(CHOICES)
