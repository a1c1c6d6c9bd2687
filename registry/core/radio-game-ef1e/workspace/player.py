moves = [0, 1]
payoff = [[3, 6], [8, 1]]


def decide(own, other):
    """Your next move; own and other are the moves so far."""
    return moves[len(own) % 2]
