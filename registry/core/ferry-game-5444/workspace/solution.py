import random

CHOICES = ['north', 'stay', 'south']
# your points, by your move and theirs
GAIN = {
    ('north', 'north'): 4, ('north', 'stay'): 3, ('north', 'south'): 4,
    ('stay', 'north'): 0, ('stay', 'stay'): 9, ('stay', 'south'): 7,
    ('south', 'north'): 2, ('south', 'stay'): 3, ('south', 'south'): 9,
}


def respond(me, rival):
    """me: own past moves, rival: the opponent's."""
    return random.choice(CHOICES)
