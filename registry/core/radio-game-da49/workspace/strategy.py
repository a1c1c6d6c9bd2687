import random

moves = ['send', 'hush']
POINTS = {
    ('send', 'send'): 1, ('send', 'hush'): 9,
    ('hush', 'send'): 6, ('hush', 'hush'): 5,
}


def act(my_moves, their_moves):
    """my_moves: own past moves, their_moves: the opponent's."""
    return random.choice(moves)
