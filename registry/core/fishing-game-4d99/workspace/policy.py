OPTIONS = ['trawl', 'rest']
# POINTS: yours first, then theirs
POINTS = {
    'trawl': {'trawl': 4, 'rest': 2},
    'rest': {'trawl': 7, 'rest': 0},
}


def pick(own, other):
    # own: your moves so far, other: the other side's
    return OPTIONS[len(own) % 2]
