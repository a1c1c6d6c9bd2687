import random

moves = [0, 1, 2]
# PAYOFF: yours first, then theirs
PAYOFF = [[6, 2, 5], [4, 1, 9], [3, 9, 3]]


def pick(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return random.choice(moves)
