import random

MOVES = ['sip', 'drain']
# PAYOFF: yours first, then theirs
PAYOFF = {
    ('sip', 'sip'): 1, ('sip', 'drain'): 8,
    ('drain', 'sip'): 5, ('drain', 'drain'): 1,
}


def pick(own, other):
    # own: your moves so far, other: the other side's
    return random.choice(MOVES)
