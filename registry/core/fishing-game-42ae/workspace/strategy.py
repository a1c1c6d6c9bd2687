moves = ['P', 'Q', 'R']
# PAYOFF: yours first, then theirs
PAYOFF = {
    ('P', 'P'): 1, ('P', 'Q'): 9, ('P', 'R'): 1,
    ('Q', 'P'): 9, ('Q', 'Q'): 2, ('Q', 'R'): 0,
    ('R', 'P'): 5, ('R', 'Q'): 0, ('R', 'R'): 9,
}


def act(us, them):
    """us: own past moves, them: the opponent's."""
    return moves[len(us) % 3]
