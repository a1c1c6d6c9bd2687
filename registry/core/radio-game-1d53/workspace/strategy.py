moves = ['P', 'Q', 'R']
# your points, by your move and theirs
payoff = {
    'P': {'P': 2, 'Q': 9, 'R': 0},
    'Q': {'P': 1, 'Q': 0, 'R': 6},
    'R': {'P': 6, 'Q': 3, 'R': 0},
}


def decide(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return 'P'
