moves = ['X', 'Y']
# payoff: yours first, then theirs
payoff = {
    ('X', 'X'): 4, ('X', 'Y'): 4,
    ('Y', 'X'): 7, ('Y', 'Y'): 2,
}


def pick(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return 'X'
