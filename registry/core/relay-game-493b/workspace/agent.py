import random

OPTIONS = ['P', 'Q', 'R']
# your points, by your move and theirs
PAYOFF = {
    ('P', 'P'): 6, ('P', 'Q'): 5, ('P', 'R'): 1,
    ('Q', 'P'): 3, ('Q', 'Q'): 5, ('Q', 'R'): 7,
    ('R', 'P'): 2, ('R', 'Q'): 8, ('R', 'R'): 0,
}


def play(them, us):
    # us: your moves so far, them: the other side's
    return random.choice(OPTIONS)
