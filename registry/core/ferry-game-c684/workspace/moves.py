CHOICES = [0, 1]
VALUE = [[6, 3], [4, 7]]


def move(other_past, self_past):
    """Your next move; self_past and other_past are the moves so far."""
    return 0
