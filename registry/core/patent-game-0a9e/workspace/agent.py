moves = ['share', 'hide']
POINTS = {
    ('share', 'share'): 0, ('share', 'hide'): 8,
    ('hide', 'share'): 9, ('hide', 'hide'): 5,
}


def choose(own, other):
    """own: own past moves, other: the opponent's."""
    return moves[len(own) % 2]
