MOVES = ['sit', 'sue', 'sell']
PAYOFF = {
    ('sit', 'sit'): 0, ('sit', 'sue'): 8, ('sit', 'sell'): 6,
    ('sue', 'sit'): 0, ('sue', 'sue'): 3, ('sue', 'sell'): 8,
    ('sell', 'sit'): 6, ('sell', 'sue'): 6, ('sell', 'sell'): 6,
}


def next_move(their_moves, my_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return 'sit'
