import random

moves = [0, 1, 2]
# PAYOFF: yours first, then theirs
PAYOFF = [[6, 2, 5], [4, 1, 9], [3, 9, 3]]


def pick(us, them):
    # us: your moves so far, them: the other side's
    return random.choice(moves)
