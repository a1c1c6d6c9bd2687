import random

ACTIONS = ['lurk', 'call']
# your points, by your move and theirs
VALUE = {
    'lurk': {'lurk': 3, 'call': 9},
    'call': {'lurk': 9, 'call': 2},
}


def strategy(ours, foes):
    # ours: your moves so far, foes: the other side's
    return random.choice(ACTIONS)
