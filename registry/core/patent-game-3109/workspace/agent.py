MOVES = ['hide', 'share']
# your points, by your move and theirs
PAYOFF = {
    ('hide', 'hide'): 1, ('hide', 'share'): 2,
    ('share', 'hide'): 7, ('share', 'share'): 0,
}


def decide(their_moves, my_moves):
    """my_moves: own past moves, their_moves: the opponent's."""
    return 'hide'
