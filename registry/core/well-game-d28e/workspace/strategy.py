OPTIONS = ['P', 'Q']
# PAY: yours first, then theirs
PAY = {
    ('P', 'P'): 2, ('P', 'Q'): 7,
    ('Q', 'P'): 7, ('Q', 'Q'): 0,
}


def act(mine, theirs):
    """mine: own past moves, theirs: the opponent's."""
    return OPTIONS[len(mine) % 2]
