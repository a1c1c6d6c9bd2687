CHOICES = [0, 1]
VALUE = [[6, 3], [4, 7]]


def move(other_past, self_past):
    """self_past: own past moves, other_past: the opponent's."""
    return 0
