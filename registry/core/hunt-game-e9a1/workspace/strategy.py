MOVES = ['nap', 'trap', 'track']
# your points, by your move and theirs
PAY = {
    'nap': {'nap': 1, 'trap': 6, 'track': 5},
    'trap': {'nap': 2, 'trap': 9, 'track': 0},
    'track': {'nap': 9, 'trap': 2, 'track': 2},
}


def pick(mine, theirs):
    """Your next move; mine and theirs are the moves so far."""
    return 'track'
