import random

OPTIONS = ['share', 'hide']
payoff = {
    ('share', 'share'): 6, ('share', 'hide'): 2,
    ('hide', 'share'): 1, ('hide', 'hide'): 8,
}


def act(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return random.choice(OPTIONS)
