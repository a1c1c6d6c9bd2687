MOVES = ['hare', 'stag']
# your points, by your move and theirs
payoff = {
    'hare': {'hare': 0, 'stag': 4},
    'stag': {'hare': 5, 'stag': 2},
}


def choose(us, them):
    """Your next move; us and them are the moves so far."""
    return 'hare'
