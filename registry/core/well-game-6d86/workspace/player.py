MOVES = ['X', 'Y']
# your points, by your move and theirs
payoff = {
    'X': {'X': 8, 'Y': 2},
    'Y': {'X': 1, 'Y': 8},
}


def next_move(own, other):
    """own: own past moves, other: the opponent's."""
    return 'Y'
