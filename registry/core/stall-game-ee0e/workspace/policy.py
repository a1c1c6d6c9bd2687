MOVES = ['low', 'high']
# your points, by your move and theirs
PAY = {
    ('low', 'low'): 5, ('low', 'high'): 8,
    ('high', 'low'): 7, ('high', 'high'): 0,
}


def choose(us, them):
    # us: your moves so far, them: the other side's
    return 'high'
