import random

MOVES = ['cheap', 'fair', 'dear']
payoff = {
    'cheap': {'cheap': 7, 'fair': 3, 'dear': 8},
    'fair': {'cheap': 2, 'fair': 8, 'dear': 3},
    'dear': {'cheap': 9, 'fair': 0, 'dear': 4},
}


def act(my_moves, their_moves):
    # my_moves: your moves so far, their_moves: the other side's
    return random.choice(MOVES)
