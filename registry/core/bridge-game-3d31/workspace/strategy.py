OPTIONS = [0, 1]
# your points, by your move and theirs
payoff = [[4, 9], [6, 1]]


def act(own, other):
    """Your next move; own and other are the moves so far."""
    return 1
