MOVES = ['left', 'right']
POINTS = {
    ('left', 'left'): 3, ('left', 'right'): 4,
    ('right', 'left'): 7, ('right', 'right'): 0,
}


def play(own, other):
    """Your next move; own and other are the moves so far."""
    return 'right'
