MOVES = ['go', 'yield']
# your points, by your move and theirs
PAYOFF = {
    'go': {'go': 0, 'yield': 9},
    'yield': {'go': 6, 'yield': 1},
}


def play(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return MOVES[len(my_moves) % 2]
