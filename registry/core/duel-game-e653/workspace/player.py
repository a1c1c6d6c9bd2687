moves = ['A', 'B', 'C']
POINTS = {
    'A': {'A': 1, 'B': 9, 'C': 1},
    'B': {'A': 5, 'B': 2, 'C': 3},
    'C': {'A': 0, 'B': 4, 'C': 5},
}


def act(their_moves, my_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return 'A'
