moves = ['right', 'left']
# your points, by your move and theirs
PAYOFF = {
    ('right', 'right'): 1, ('right', 'left'): 7,
    ('left', 'right'): 8, ('left', 'left'): 4,
}


def decide(own, other):
    """own: own past moves, other: the opponent's."""
    return moves[len(own) % 2]
