import random

moves = ['hush', 'send']
PAYOFF = {
    'hush': {'hush': 5, 'send': 1},
    'send': {'hush': 2, 'send': 7},
}


def next_move(theirs, mine):
    # mine: your moves so far, theirs: the other side's
    return random.choice(moves)
