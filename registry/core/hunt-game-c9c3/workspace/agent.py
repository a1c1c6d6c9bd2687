moves = ['hare', 'stag']
# your points, by your move and theirs
payoff = {
    'hare': {'hare': 8, 'stag': 5},
    'stag': {'hare': 3, 'stag': 9},
}


def play(them, us):
    """Your next move; us and them are the moves so far."""
    return moves[len(us) % 2]
