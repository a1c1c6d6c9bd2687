moves = ['hide', 'share']
# your points, by your move and theirs
PAYOFF = {
    'hide': {'hide': 0, 'share': 6},
    'share': {'hide': 3, 'share': 0},
}


def choose(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return 'share'
