import random

moves = ['cheap', 'fair', 'dear']
# payoff: yours first, then theirs
payoff = {
    'cheap': {'cheap': 7, 'fair': 3, 'dear': 8},
    'fair': {'cheap': 2, 'fair': 8, 'dear': 3},
    'dear': {'cheap': 9, 'fair': 0, 'dear': 4},
}


def act(us, them):
    """us: own past moves, them: the opponent's."""
    return random.choice(moves)
