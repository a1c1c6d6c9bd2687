MOVES = ['hush', 'send']
# your points, by your move and theirs
POINTS = {
    ('hush', 'hush'): 8, ('hush', 'send'): 0,
    ('send', 'hush'): 1, ('send', 'send'): 3,
}


def next_move(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return MOVES[len(my_moves) % 2]
