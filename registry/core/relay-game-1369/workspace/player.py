MOVES = ['drop', 'relay']
payoff = {
    ('drop', 'drop'): 6, ('drop', 'relay'): 3,
    ('relay', 'drop'): 2, ('relay', 'relay'): 9,
}


def decide(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return 'drop'
