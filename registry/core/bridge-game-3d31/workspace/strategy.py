MOVES = [0, 1]
# your points, by your move and theirs
payoff = [[4, 9], [6, 1]]


def act(own, other):
    # own: your moves so far, other: the other side's
    return 1
