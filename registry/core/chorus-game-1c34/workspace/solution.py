import random

ACTIONS = ['lurk', 'call']
VALUE = {
    ('lurk', 'lurk'): 2, ('lurk', 'call'): 4,
    ('call', 'lurk'): 0, ('call', 'call'): 6,
}


def select(self_past, other_past):
    """self_past: own past moves, other_past: the opponent's."""
    return random.choice(ACTIONS)
