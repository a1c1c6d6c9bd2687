moves = [0, 1]
# PAY: yours first, then theirs
PAY = [[8, 4], [5, 9]]


def next_move(us, them):
    """Your next move; us and them are the moves so far."""
    return 0
