MOVES = ['go', 'yield']
# your points, by your move and theirs
payoff = {
    'go': {'go': 5, 'yield': 9},
    'yield': {'go': 7, 'yield': 3},
}


def act(mine, theirs):
    # mine: your moves so far, theirs: the other side's
    return 'yield'
