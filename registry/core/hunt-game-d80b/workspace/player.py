MOVES = ['P', 'Q']
POINTS = {
    ('P', 'P'): 2, ('P', 'Q'): 1,
    ('Q', 'P'): 0, ('Q', 'Q'): 4,
}


def decide(us, them):
    """Your next move; us and them are the moves so far."""
    return 'Q'
