OPTIONS = ['hush', 'send']
# POINTS: yours first, then theirs
POINTS = {
    'hush': {'hush': 8, 'send': 0},
    'send': {'hush': 1, 'send': 3},
}


def next_move(own, other):
    # own: your moves so far, other: the other side's
    return OPTIONS[len(own) % 2]
