MOVES = ['A', 'B', 'C']
# your points, by your move and theirs
POINTS = {
    'A': {'A': 1, 'B': 9, 'C': 1},
    'B': {'A': 5, 'B': 2, 'C': 3},
    'C': {'A': 0, 'B': 4, 'C': 5},
}


def act(them, us):
    """us: own past moves, them: the opponent's."""
    return 'A'
