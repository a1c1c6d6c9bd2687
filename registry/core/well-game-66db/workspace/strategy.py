import random

moves = [0, 1, 2]
# PAYOFF: yours first, then theirs
PAYOFF = [[4, 4, 8], [1, 7, 5], [6, 1, 6]]


def choose(us, them):
    """us: own past moves, them: the opponent's."""
    return random.choice(moves)
