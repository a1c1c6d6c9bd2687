import random

moves = ['P', 'Q']
PAY = {
    'P': {'P': 9, 'Q': 2},
    'Q': {'P': 4, 'Q': 8},
}


def act(own, other):
    """Your next move; own and other are the moves so far."""
    return random.choice(moves)
