MOVES = [0, 1, 2]
PAYOFF = [[3, 5, 7], [4, 7, 2], [7, 4, 4]]


def decide(us, them):
    # us: your moves so far, them: the other side's
    return MOVES[len(us) % 3]
