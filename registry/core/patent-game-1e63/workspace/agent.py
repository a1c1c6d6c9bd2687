OPTIONS = ['X', 'Y']
payoff = {
    'X': {'X': 0, 'Y': 7},
    'Y': {'X': 3, 'Y': 4},
}


def play(my_moves, their_moves):
    """my_moves: own past moves, their_moves: the opponent's."""
    return 'Y'
