ACTIONS = ['save', 'spend']
# your points, by your move and theirs
GAIN = {
    ('save', 'save'): 0, ('save', 'spend'): 5,
    ('spend', 'save'): 4, ('spend', 'spend'): 2,
}


def move(self_past, other_past):
    """self_past: own past moves, other_past: the opponent's."""
    return ACTIONS[len(self_past) % 2]
