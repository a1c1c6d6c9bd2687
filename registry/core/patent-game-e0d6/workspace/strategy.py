moves = ['hide', 'share']
# your points, by your move and theirs
PAYOFF = {
    ('hide', 'hide'): 8, ('hide', 'share'): 0,
    ('share', 'hide'): 2, ('share', 'share'): 6,
}


def next_move(their_moves, my_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return moves[len(my_moves) % 2]
