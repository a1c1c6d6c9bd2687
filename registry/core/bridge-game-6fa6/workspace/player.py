moves = ['go', 'yield']
POINTS = {
    'go': {'go': 1, 'yield': 6},
    'yield': {'go': 5, 'yield': 2},
}


def pick(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return 'go'
