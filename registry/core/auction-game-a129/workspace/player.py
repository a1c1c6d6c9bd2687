MOVES = [0, 1]
# your points, by your move and theirs
PAY = [[7, 3], [5, 8]]


def play(them, us):
    """Your next move; us and them are the moves so far."""
    return 0
