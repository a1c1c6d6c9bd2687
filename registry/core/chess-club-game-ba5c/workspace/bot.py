CHOICES = ['defend', 'attack']
# your points, by your move and theirs
VALUE = {
    ('defend', 'defend'): 4, ('defend', 'attack'): 3,
    ('attack', 'defend'): 0, ('attack', 'attack'): 6,
}


def strategy(self_past, other_past):
    """self_past: own past moves, other_past: the opponent's."""
    return 'attack'
