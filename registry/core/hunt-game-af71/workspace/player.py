MOVES = ['P', 'Q']
POINTS = {
    ('P', 'P'): 3, ('P', 'Q'): 5,
    ('Q', 'P'): 6, ('Q', 'Q'): 2,
}


def act(them, us):
    # us: your moves so far, them: the other side's
    return 'Q'
