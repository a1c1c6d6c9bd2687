moves = ['hide', 'share']
# POINTS: yours first, then theirs
POINTS = {
    ('hide', 'hide'): 1, ('hide', 'share'): 5,
    ('share', 'hide'): 4, ('share', 'share'): 0,
}


def choose(my_moves, their_moves):
    """my_moves: own past moves, their_moves: the opponent's."""
    return 'share'
