MOVES = ['go', 'yield']
# your points, by your move and theirs
PAYOFF = {
    'go': {'go': 0, 'yield': 9},
    'yield': {'go': 6, 'yield': 1},
}


def play(own, other):
    """own: own past moves, other: the opponent's."""
    return MOVES[len(own) % 2]
