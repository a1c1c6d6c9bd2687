ACTIONS = [0, 1]
GAIN = [[7, 0], [2, 3]]


def select(foes, ours):
    """Your next move; ours and foes are the moves so far."""
    return ACTIONS[len(ours) % 2]
