import random

MOVES = ['high', 'low']
# your points, by your move and theirs
PAYOFF = {
    ('high', 'high'): 8, ('high', 'low'): 2,
    ('low', 'high'): 5, ('low', 'low'): 6,
}


def next_move(own, other):
    # own: your moves so far, other: the other side's
    return random.choice(MOVES)
