import random

MOVES = ['fair', 'cheap', 'dear']
POINTS = {
    ('fair', 'fair'): 6, ('fair', 'cheap'): 2, ('fair', 'dear'): 6,
    ('cheap', 'fair'): 8, ('cheap', 'cheap'): 3, ('cheap', 'dear'): 2,
    ('dear', 'fair'): 6, ('dear', 'cheap'): 9, ('dear', 'dear'): 3,
}


def pick(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return random.choice(MOVES)
