OPTIONS = ['P', 'Q']
# your points, by your move and theirs
PAYOFF = {
    ('P', 'P'): 5, ('P', 'Q'): 4,
    ('Q', 'P'): 0, ('Q', 'Q'): 9,
}


def pick(mine, theirs):
    """Your next move; mine and theirs are the moves so far."""
    return 'Q'
