OPTIONS = ['sell', 'sue', 'sit']
# your points, by your move and theirs
PAY = {
    ('sell', 'sell'): 4, ('sell', 'sue'): 9, ('sell', 'sit'): 3,
    ('sue', 'sell'): 3, ('sue', 'sue'): 2, ('sue', 'sit'): 8,
    ('sit', 'sell'): 6, ('sit', 'sue'): 2, ('sit', 'sit'): 3,
}


def next_move(mine, theirs):
    """mine: own past moves, theirs: the opponent's."""
    return OPTIONS[len(mine) % 3]
