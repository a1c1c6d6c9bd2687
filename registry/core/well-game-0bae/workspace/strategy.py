MOVES = ['X', 'Y', 'Z']
# payoff: yours first, then theirs
payoff = {
    ('X', 'X'): 9, ('X', 'Y'): 5, ('X', 'Z'): 1,
    ('Y', 'X'): 7, ('Y', 'Y'): 9, ('Y', 'Z'): 2,
    ('Z', 'X'): 4, ('Z', 'Y'): 0, ('Z', 'Z'): 8,
}


def act(own, other):
    """own: own past moves, other: the opponent's."""
    return MOVES[len(own) % 3]
