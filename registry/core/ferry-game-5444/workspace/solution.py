import random

ACTIONS = ['north', 'stay', 'south']
# your points, by your move and theirs
GAIN = {
    'north': {'north': 4, 'stay': 3, 'south': 4},
    'stay': {'north': 0, 'stay': 9, 'south': 7},
    'south': {'north': 2, 'stay': 3, 'south': 9},
}


def respond(self_past, other_past):
    # self_past: your moves so far, other_past: the other side's
    return random.choice(ACTIONS)
