MOVES = ['none', 'full', 'light']
# PAY: yours first, then theirs
PAY = {
    'none': {'none': 5, 'full': 9, 'light': 0},
    'full': {'none': 4, 'full': 7, 'light': 4},
    'light': {'none': 9, 'full': 4, 'light': 1},
}


def play(mine, theirs):
    """Your next move; mine and theirs are the moves so far."""
    return 'none'
