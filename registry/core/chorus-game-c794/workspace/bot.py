ACTIONS = [0, 1]
GAIN = [[7, 4], [0, 9]]


def respond(other_past, self_past):
    """Your next move; self_past and other_past are the moves so far."""
    return 1
