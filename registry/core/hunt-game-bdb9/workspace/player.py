MOVES = ['hare', 'stag']
# your points, by your move and theirs
PAY = {
    'hare': {'hare': 0, 'stag': 6},
    'stag': {'hare': 4, 'stag': 0},
}


def pick(us, them):
    """Your next move; us and them are the moves so far."""
    return 'stag'
