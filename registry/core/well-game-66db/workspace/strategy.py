import random

MOVES = [0, 1, 2]
PAYOFF = [[4, 4, 8], [1, 7, 5], [6, 1, 6]]


def choose(my_moves, their_moves):
    # my_moves: your moves so far, their_moves: the other side's
    return random.choice(MOVES)
