CHOICES = [0, 1, 2]
REWARD = [[9, 1, 3], [1, 5, 7], [7, 7, 2]]


def respond(other_past, self_past):
    """Your next move; self_past and other_past are the moves so far."""
    return 1
