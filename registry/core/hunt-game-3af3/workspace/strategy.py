import random

moves = [0, 1]
# POINTS: yours first, then theirs
POINTS = [[0, 5], [3, 0]]


def decide(theirs, mine):
    """mine: own past moves, theirs: the opponent's."""
    return random.choice(moves)
