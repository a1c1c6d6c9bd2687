import random

OPTIONS = ['yield', 'go']
# your points, by your move and theirs
POINTS = {
    ('yield', 'yield'): 9, ('yield', 'go'): 2,
    ('go', 'yield'): 0, ('go', 'go'): 7,
}


def play(them, us):
    """us: own past moves, them: the opponent's."""
    return random.choice(OPTIONS)
