MOVES = ['share', 'hide']
payoff = {
    'share': {'share': 2, 'hide': 9},
    'hide': {'share': 5, 'hide': 5},
}


def choose(mine, theirs):
    """Your next move; mine and theirs are the moves so far."""
    return 'share'
