moves = ['hare', 'stag']
# payoff: yours first, then theirs
payoff = {
    'hare': {'hare': 0, 'stag': 4},
    'stag': {'hare': 5, 'stag': 2},
}


def choose(mine, theirs):
    # mine: your moves so far, theirs: the other side's
    return 'hare'
