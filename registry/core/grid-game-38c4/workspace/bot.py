CHOICES = [0, 1, 2]
GAIN = [[0, 5, 4], [6, 3, 5], [2, 2, 9]]


def respond(self_past, other_past):
    """Your next move; self_past and other_past are the moves so far."""
    return 0
