MOVES = [0, 1, 2]
payoff = [[0, 1, 5], [5, 0, 2], [0, 7, 1]]


def play(other, own):
    # own: your moves so far, other: the other side's
    return 2
