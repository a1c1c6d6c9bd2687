MOVES = ['P', 'Q']
# PAYOFF: yours first, then theirs
PAYOFF = {
    ('P', 'P'): 2, ('P', 'Q'): 4,
    ('Q', 'P'): 5, ('Q', 'Q'): 0,
}


def act(my_moves, their_moves):
    # my_moves: your moves so far, their_moves: the other side's
    return 'Q'
