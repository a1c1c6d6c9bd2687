import random

CHOICES = ['spend', 'save']
# your points, by your move and theirs
REWARD = {
    ('spend', 'spend'): 9, ('spend', 'save'): 1,
    ('save', 'spend'): 0, ('save', 'save'): 6,
}


def strategy(foes, ours):
    # ours: your moves so far, foes: the other side's
    return random.choice(CHOICES)
