OPTIONS = [0, 1]
# your points, by your move and theirs
PAY = [[7, 3], [5, 8]]


def play(other, own):
    """own: own past moves, other: the opponent's."""
    return 0
