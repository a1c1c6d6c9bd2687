import random

OPTIONS = ['hide', 'share']
PAY = {
    'hide': {'hide': 9, 'share': 3},
    'share': {'hide': 0, 'share': 9},
}


def next_move(own, other):
    """own: own past moves, other: the opponent's."""
    return random.choice(OPTIONS)
