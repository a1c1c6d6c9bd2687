moves = [0, 1, 2]
POINTS = [[3, 8, 6], [8, 5, 3], [5, 2, 9]]


def choose(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return moves[len(my_moves) % 3]
