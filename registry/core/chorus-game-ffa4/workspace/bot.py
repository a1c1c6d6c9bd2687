CHOICES = ['A', 'B']
# your points, by your move and theirs
GAIN = {
    ('A', 'A'): 4, ('A', 'B'): 8,
    ('B', 'A'): 9, ('B', 'B'): 2,
}


def strategy(self_past, other_past):
    """self_past: own past moves, other_past: the opponent's."""
    return 'B'
