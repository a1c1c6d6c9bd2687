import random

OPTIONS = ['P', 'Q', 'R']
# payoff: yours first, then theirs
payoff = {
    ('P', 'P'): 1, ('P', 'Q'): 8, ('P', 'R'): 4,
    ('Q', 'P'): 3, ('Q', 'Q'): 6, ('Q', 'R'): 9,
    ('R', 'P'): 9, ('R', 'Q'): 0, ('R', 'R'): 7,
}


def act(mine, theirs):
    """Your next move; mine and theirs are the moves so far."""
    return random.choice(OPTIONS)
