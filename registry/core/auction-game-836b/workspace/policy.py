MOVES = ['pass', 'bid']
# your points, by your move and theirs
POINTS = {
    'pass': {'pass': 8, 'bid': 4},
    'bid': {'pass': 0, 'bid': 9},
}


def decide(us, them):
    """us: own past moves, them: the opponent's."""
    return 'bid'
