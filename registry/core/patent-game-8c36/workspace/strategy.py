OPTIONS = [0, 1]
# your points, by your move and theirs
PAYOFF = [[1, 7], [7, 2]]


def next_move(us, them):
    # us: your moves so far, them: the other side's
    return 0
