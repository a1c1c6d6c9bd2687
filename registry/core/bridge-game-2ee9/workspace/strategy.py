moves = ['go', 'yield']
# your points, by your move and theirs
PAYOFF = {
    ('go', 'go'): 8, ('go', 'yield'): 3,
    ('yield', 'go'): 3, ('yield', 'yield'): 6,
}


def next_move(my_moves, their_moves):
    """my_moves: own past moves, their_moves: the opponent's."""
    return moves[len(my_moves) % 2]
