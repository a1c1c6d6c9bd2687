MOVES = ['low', 'high']
# your points, by your move and theirs
PAY = {
    'low': {'low': 5, 'high': 8},
    'high': {'low': 7, 'high': 0},
}


def choose(mine, theirs):
    """mine: own past moves, theirs: the opponent's."""
    return 'high'
