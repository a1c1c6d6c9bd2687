ACTIONS = ['keep', 'lend']
# your points, by your move and theirs
REWARD = {
    ('keep', 'keep'): 3, ('keep', 'lend'): 9,
    ('lend', 'keep'): 7, ('lend', 'lend'): 0,
}


def select(ours, foes):
    # ours: your moves so far, foes: the other side's
    return 'lend'
