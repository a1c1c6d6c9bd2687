import random

moves = [0, 1, 2]
# your points, by your move and theirs
PAYOFF = [[3, 5, 8], [9, 0, 2], [5, 7, 0]]


def next_move(them, us):
    # us: your moves so far, them: the other side's
    return random.choice(moves)
