OPTIONS = [0, 1, 2]
PAYOFF = [[0, 9, 2], [9, 0, 1], [7, 7, 6]]


def act(my_moves, their_moves):
    """my_moves: own past moves, their_moves: the opponent's."""
    return 1
