OPTIONS = [0, 1]
POINTS = [[5, 1], [0, 5]]


def choose(their_moves, my_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return 1
