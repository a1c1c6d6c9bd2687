ACTIONS = ['spend', 'save']
VALUE = {
    'spend': {'spend': 3, 'save': 6},
    'save': {'spend': 8, 'save': 0},
}


def select(foes, ours):
    # ours: your moves so far, foes: the other side's
    return 'save'
