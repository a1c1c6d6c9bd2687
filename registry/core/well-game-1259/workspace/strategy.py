moves = [0, 1]
# POINTS: yours first, then theirs
POINTS = [[5, 8], [9, 2]]


def act(own, other):
    """Your next move; own and other are the moves so far."""
    return 1
