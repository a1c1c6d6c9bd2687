MOVES = [0, 1]
# payoff: yours first, then theirs
payoff = [[8, 1], [0, 4]]


def decide(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return 1
