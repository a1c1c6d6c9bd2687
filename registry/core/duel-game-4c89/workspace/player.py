moves = ['P', 'Q', 'R']
# PAY: yours first, then theirs
PAY = {
    ('P', 'P'): 0, ('P', 'Q'): 1, ('P', 'R'): 9,
    ('Q', 'P'): 7, ('Q', 'Q'): 4, ('Q', 'R'): 1,
    ('R', 'P'): 4, ('R', 'Q'): 7, ('R', 'R'): 1,
}


def choose(us, them):
    """us: own past moves, them: the opponent's."""
    return moves[len(us) % 3]
