ACTIONS = ['stay', 'north', 'south']
# GAIN: yours first, then theirs
GAIN = {
    ('stay', 'stay'): 3, ('stay', 'north'): 4, ('stay', 'south'): 9,
    ('north', 'stay'): 9, ('north', 'north'): 1, ('north', 'south'): 5,
    ('south', 'stay'): 7, ('south', 'north'): 6, ('south', 'south'): 0,
}


def respond(ours, foes):
    """Your next move; ours and foes are the moves so far."""
    return ACTIONS[len(ours) % 3]
