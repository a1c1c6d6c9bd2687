MOVES = ['stag', 'hare']
# POINTS: yours first, then theirs
POINTS = {
    ('stag', 'stag'): 8, ('stag', 'hare'): 1,
    ('hare', 'stag'): 1, ('hare', 'hare'): 9,
}


def decide(us, them):
    """us: own past moves, them: the opponent's."""
    return MOVES[len(us) % 2]
