import random

OPTIONS = ['send', 'hush']
# POINTS: yours first, then theirs
POINTS = {
    'send': {'send': 0, 'hush': 7},
    'hush': {'send': 3, 'hush': 1},
}


def play(my_moves, their_moves):
    """my_moves: own past moves, their_moves: the opponent's."""
    return random.choice(OPTIONS)
