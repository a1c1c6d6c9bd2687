OPTIONS = [0, 1]
# your points, by your move and theirs
PAY = [[0, 6], [8, 3]]


def play(mine, theirs):
    """mine: own past moves, theirs: the opponent's."""
    return OPTIONS[len(mine) % 2]
