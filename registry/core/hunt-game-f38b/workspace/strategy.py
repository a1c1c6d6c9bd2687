moves = ['hare', 'stag']
PAY = {
    'hare': {'hare': 1, 'stag': 6},
    'stag': {'hare': 5, 'stag': 0},
}


def decide(us, them):
    """Your next move; us and them are the moves so far."""
    return 'stag'
