MOVES = ['hare', 'stag']
# your points, by your move and theirs
PAYOFF = {
    ('hare', 'hare'): 8, ('hare', 'stag'): 2,
    ('stag', 'hare'): 1, ('stag', 'stag'): 7,
}


def pick(us, them):
    """us: own past moves, them: the opponent's."""
    return 'stag'
