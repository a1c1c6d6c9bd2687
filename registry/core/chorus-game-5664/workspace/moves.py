ACTIONS = [0, 1]
# GAIN: yours first, then theirs
GAIN = [[7, 0], [2, 3]]


def select(rival, me):
    """Your next move; me and rival are the moves so far."""
    return ACTIONS[len(me) % 2]
