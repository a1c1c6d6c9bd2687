OPTIONS = ['nap', 'trap', 'track']
# PAY: yours first, then theirs
PAY = {
    'nap': {'nap': 1, 'trap': 6, 'track': 5},
    'trap': {'nap': 2, 'trap': 9, 'track': 0},
    'track': {'nap': 9, 'trap': 2, 'track': 2},
}


def pick(own, other):
    """own: own past moves, other: the opponent's."""
    return 'track'
