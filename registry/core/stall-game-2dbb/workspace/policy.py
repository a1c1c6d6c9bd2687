OPTIONS = ['fair', 'cheap', 'dear']
# payoff: yours first, then theirs
payoff = {
    'fair': {'fair': 0, 'cheap': 3, 'dear': 5},
    'cheap': {'fair': 6, 'cheap': 4, 'dear': 1},
    'dear': {'fair': 1, 'cheap': 8, 'dear': 1},
}


def next_move(own, other):
    """own: own past moves, other: the opponent's."""
    return 'cheap'
