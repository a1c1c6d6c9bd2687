import random

moves = ['share', 'hide']
payoff = {
    'share': {'share': 6, 'hide': 2},
    'hide': {'share': 1, 'hide': 8},
}


def act(mine, theirs):
    """mine: own past moves, theirs: the opponent's."""
    return random.choice(moves)
