moves = ['hide', 'share']
# your points, by your move and theirs
PAYOFF = {
    ('hide', 'hide'): 0, ('hide', 'share'): 6,
    ('share', 'hide'): 3, ('share', 'share'): 0,
}


def choose(own, other):
    # own: your moves so far, other: the other side's
    return 'share'
