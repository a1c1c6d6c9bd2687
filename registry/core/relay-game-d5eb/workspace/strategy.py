MOVES = [0, 1]
# your points, by your move and theirs
POINTS = [[9, 2], [4, 7]]


def play(own, other):
    # own: your moves so far, other: the other side's
    return 0
