moves = [0, 1]
# payoff: yours first, then theirs
payoff = [[8, 1], [0, 4]]


def decide(own, other):
    """Your next move; own and other are the moves so far."""
    return 1
