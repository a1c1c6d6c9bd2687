MOVES = [0, 1, 2]
# your points, by your move and theirs
PAYOFF = [[3, 5, 7], [4, 7, 2], [7, 4, 4]]


def decide(own, other):
    # own: your moves so far, other: the other side's
    return MOVES[len(own) % 3]
