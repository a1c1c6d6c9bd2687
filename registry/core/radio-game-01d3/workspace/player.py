import random

MOVES = ['blue', 'green', 'red']
# POINTS: yours first, then theirs
POINTS = {
    ('blue', 'blue'): 6, ('blue', 'green'): 0, ('blue', 'red'): 5,
    ('green', 'blue'): 5, ('green', 'green'): 8, ('green', 'red'): 0,
    ('red', 'blue'): 9, ('red', 'green'): 6, ('red', 'red'): 2,
}


def play(them, us):
    """Your next move; us and them are the moves so far."""
    return random.choice(MOVES)
