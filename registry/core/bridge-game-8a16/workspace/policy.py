MOVES = ['go', 'yield']
# PAYOFF: yours first, then theirs
PAYOFF = {
    'go': {'go': 3, 'yield': 6},
    'yield': {'go': 7, 'yield': 0},
}


def decide(own, other):
    # own: your moves so far, other: the other side's
    return 'yield'
