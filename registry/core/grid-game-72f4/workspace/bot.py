ACTIONS = ['spend', 'save']
# your points, by your move and theirs
VALUE = {
    'spend': {'spend': 7, 'save': 2},
    'save': {'spend': 9, 'save': 0},
}


def move(other_past, self_past):
    # self_past: your moves so far, other_past: the other side's
    return 'spend'
