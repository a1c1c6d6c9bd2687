CHOICES = ['keep', 'lend']
# your points, by your move and theirs
REWARD = {
    'keep': {'keep': 3, 'lend': 9},
    'lend': {'keep': 7, 'lend': 0},
}


def select(me, rival):
    """Your next move; me and rival are the moves so far."""
    return 'lend'
