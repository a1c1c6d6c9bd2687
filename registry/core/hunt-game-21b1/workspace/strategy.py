moves = ['trap', 'track', 'nap']
# POINTS: yours first, then theirs
POINTS = {
    'trap': {'trap': 6, 'track': 7, 'nap': 5},
    'track': {'trap': 3, 'track': 9, 'nap': 5},
    'nap': {'trap': 1, 'track': 3, 'nap': 8},
}


def next_move(mine, theirs):
    """Your next move; mine and theirs are the moves so far."""
    return moves[len(mine) % 3]
