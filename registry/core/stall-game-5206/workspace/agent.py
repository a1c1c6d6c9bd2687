import random

MOVES = [0, 1, 2]
# PAYOFF: yours first, then theirs
PAYOFF = [[2, 0, 8], [7, 5, 0], [1, 8, 0]]


def play(own, other):
    # own: your moves so far, other: the other side's
    return random.choice(MOVES)
