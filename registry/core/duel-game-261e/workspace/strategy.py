OPTIONS = [0, 1]
payoff = [[5, 5], [1, 9]]


def choose(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return 1
