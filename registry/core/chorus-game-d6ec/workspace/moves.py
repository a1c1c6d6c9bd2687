import random

ACTIONS = [0, 1, 2]
# VALUE: yours first, then theirs
VALUE = [[3, 1, 3], [1, 8, 3], [0, 6, 7]]


def select(me, rival):
    """me: own past moves, rival: the opponent's."""
    return random.choice(ACTIONS)
