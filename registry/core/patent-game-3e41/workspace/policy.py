MOVES = ['share', 'hide']
# your points, by your move and theirs
payoff = {
    ('share', 'share'): 1, ('share', 'hide'): 6,
    ('hide', 'share'): 8, ('hide', 'hide'): 1,
}


def act(us, them):
    """Your next move; us and them are the moves so far."""
    return 'share'
