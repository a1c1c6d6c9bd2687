moves = [0, 1]
# your points, by your move and theirs
POINTS = [[5, 1], [0, 5]]


def choose(other, own):
    """own: own past moves, other: the opponent's."""
    return 1
