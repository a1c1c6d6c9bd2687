MOVES = ['rest', 'trawl']
# your points, by your move and theirs
PAYOFF = {
    ('rest', 'rest'): 2, ('rest', 'trawl'): 7,
    ('trawl', 'rest'): 6, ('trawl', 'trawl'): 5,
}


def next_move(my_moves, their_moves):
    """my_moves: own past moves, their_moves: the opponent's."""
    return 'rest'
