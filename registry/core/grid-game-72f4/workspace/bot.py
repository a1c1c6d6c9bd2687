ACTIONS = ['spend', 'save']
# VALUE: yours first, then theirs
VALUE = {
    'spend': {'spend': 7, 'save': 2},
    'save': {'spend': 9, 'save': 0},
}


def move(rival, me):
    # me: your moves so far, rival: the other side's
    return 'spend'
