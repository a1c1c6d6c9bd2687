MOVES = ['hare', 'stag']
# your points, by your move and theirs
POINTS = {
    ('hare', 'hare'): 8, ('hare', 'stag'): 4,
    ('stag', 'hare'): 5, ('stag', 'stag'): 8,
}


def next_move(them, us):
    # us: your moves so far, them: the other side's
    return 'hare'
