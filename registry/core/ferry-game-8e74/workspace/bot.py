CHOICES = ['stay', 'north', 'south']
# REWARD: yours first, then theirs
REWARD = {
    'stay': {'stay': 9, 'north': 5, 'south': 6},
    'north': {'stay': 6, 'north': 9, 'south': 1},
    'south': {'stay': 2, 'north': 7, 'south': 9},
}


def select(ours, foes):
    # ours: your moves so far, foes: the other side's
    return CHOICES[len(ours) % 3]
