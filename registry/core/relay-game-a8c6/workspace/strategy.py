MOVES = [0, 1]
PAYOFF = [[0, 6], [8, 2]]


def next_move(mine, theirs):
    """mine: own past moves, theirs: the opponent's."""
    return 0
