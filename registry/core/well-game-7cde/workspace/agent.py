moves = ['two', 'one', 'three']
PAY = {
    'two': {'two': 9, 'one': 7, 'three': 0},
    'one': {'two': 6, 'one': 3, 'three': 3},
    'three': {'two': 6, 'one': 9, 'three': 0},
}


def play(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return 'one'
