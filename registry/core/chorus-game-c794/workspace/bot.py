CHOICES = [0, 1]
GAIN = [[7, 4], [0, 9]]


def respond(other_past, self_past):
    """self_past: own past moves, other_past: the opponent's."""
    return 1
