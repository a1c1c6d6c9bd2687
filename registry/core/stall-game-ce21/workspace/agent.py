import random

moves = ['fair', 'cheap', 'dear']
# POINTS: yours first, then theirs
POINTS = {
    ('fair', 'fair'): 6, ('fair', 'cheap'): 2, ('fair', 'dear'): 6,
    ('cheap', 'fair'): 8, ('cheap', 'cheap'): 3, ('cheap', 'dear'): 2,
    ('dear', 'fair'): 6, ('dear', 'cheap'): 9, ('dear', 'dear'): 3,
}


def pick(own, other):
    """own: own past moves, other: the opponent's."""
    return random.choice(moves)
