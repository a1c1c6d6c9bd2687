import random

MOVES = [0, 1, 2]
payoff = [[7, 0, 5], [4, 9, 1], [2, 4, 9]]


def act(own, other):
    # own: your moves so far, other: the other side's
    return random.choice(MOVES)
