moves = [0, 1, 2]
# your points, by your move and theirs
PAY = [[0, 2, 6], [0, 9, 1], [6, 1, 4]]


def choose(my_moves, their_moves):
    """my_moves: own past moves, their_moves: the opponent's."""
    return moves[len(my_moves) % 3]
