ACTIONS = ['save', 'spend']
GAIN = {
    ('save', 'save'): 0, ('save', 'spend'): 5,
    ('spend', 'save'): 4, ('spend', 'spend'): 2,
}


def move(self_past, other_past):
    # self_past: your moves so far, other_past: the other side's
    return ACTIONS[len(self_past) % 2]
