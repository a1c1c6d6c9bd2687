MOVES = ['two', 'three', 'one']
# your points, by your move and theirs
POINTS = {
    ('two', 'two'): 1, ('two', 'three'): 0, ('two', 'one'): 6,
    ('three', 'two'): 7, ('three', 'three'): 2, ('three', 'one'): 4,
    ('one', 'two'): 3, ('one', 'three'): 7, ('one', 'one'): 3,
}


def decide(us, them):
    """Your next move; us and them are the moves so far."""
    return 'two'
