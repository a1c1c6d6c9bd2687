import random

CHOICES = ['P', 'Q', 'R']
REWARD = {
    ('P', 'P'): 1, ('P', 'Q'): 7, ('P', 'R'): 3,
    ('Q', 'P'): 3, ('Q', 'Q'): 1, ('Q', 'R'): 5,
    ('R', 'P'): 9, ('R', 'Q'): 4, ('R', 'R'): 2,
}


def respond(other_past, self_past):
    """Your next move; self_past and other_past are the moves so far."""
    return random.choice(CHOICES)
