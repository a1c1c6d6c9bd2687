moves = [0, 1]
POINTS = [[6, 0], [2, 9]]


def next_move(my_moves, their_moves):
    """my_moves: own past moves, their_moves: the opponent's."""
    return 0
