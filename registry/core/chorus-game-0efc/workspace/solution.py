CHOICES = [0, 1]
# your points, by your move and theirs
REWARD = [[6, 2], [0, 5]]


def respond(me, rival):
    """Your next move; me and rival are the moves so far."""
    return 1
