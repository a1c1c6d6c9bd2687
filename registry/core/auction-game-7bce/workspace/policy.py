import random

moves = ['A', 'B']
POINTS = {
    'A': {'A': 6, 'B': 3},
    'B': {'A': 3, 'B': 9},
}


def decide(them, us):
    # us: your moves so far, them: the other side's
    return random.choice(moves)
