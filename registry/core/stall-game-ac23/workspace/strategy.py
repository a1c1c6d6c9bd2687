import random

MOVES = ['A', 'B']
# your points, by your move and theirs
POINTS = {
    ('A', 'A'): 4, ('A', 'B'): 6,
    ('B', 'A'): 9, ('B', 'B'): 2,
}


def decide(us, them):
    """us: own past moves, them: the opponent's."""
    return random.choice(MOVES)
