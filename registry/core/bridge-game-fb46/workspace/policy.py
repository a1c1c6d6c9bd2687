moves = [0, 1, 2]
# your points, by your move and theirs
payoff = [[0, 1, 5], [5, 0, 2], [0, 7, 1]]


def play(other, own):
    """Your next move; own and other are the moves so far."""
    return 2
