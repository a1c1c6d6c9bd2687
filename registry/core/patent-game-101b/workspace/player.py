import random

MOVES = ['A', 'B']
# PAYOFF: yours first, then theirs
PAYOFF = {
    'A': {'A': 0, 'B': 6},
    'B': {'A': 7, 'B': 4},
}


def decide(theirs, mine):
    # mine: your moves so far, theirs: the other side's
    return random.choice(MOVES)
