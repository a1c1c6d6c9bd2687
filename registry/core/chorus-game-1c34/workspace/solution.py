import random

CHOICES = ['lurk', 'call']
VALUE = {
    ('lurk', 'lurk'): 2, ('lurk', 'call'): 4,
    ('call', 'lurk'): 0, ('call', 'call'): 6,
}


def select(me, rival):
    """me: own past moves, rival: the opponent's."""
    return random.choice(CHOICES)
