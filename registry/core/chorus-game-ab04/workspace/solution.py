import random

ACTIONS = ['call', 'lurk']
GAIN = {
    'call': {'call': 3, 'lurk': 8},
    'lurk': {'call': 9, 'lurk': 0},
}


def select(foes, ours):
    """Your next move; ours and foes are the moves so far."""
    return random.choice(ACTIONS)
