MOVES = ['rest', 'trawl']
# your points, by your move and theirs
payoff = {
    ('rest', 'rest'): 0, ('rest', 'trawl'): 5,
    ('trawl', 'rest'): 3, ('trawl', 'trawl'): 0,
}


def act(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return 'trawl'
