moves = ['share', 'hide']
POINTS = {
    ('share', 'share'): 0, ('share', 'hide'): 8,
    ('hide', 'share'): 9, ('hide', 'hide'): 5,
}


def choose(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return moves[len(my_moves) % 2]
