MOVES = ['fair', 'cheap', 'dear']
payoff = {
    'fair': {'fair': 0, 'cheap': 3, 'dear': 5},
    'cheap': {'fair': 6, 'cheap': 4, 'dear': 1},
    'dear': {'fair': 1, 'cheap': 8, 'dear': 1},
}


def next_move(mine, theirs):
    # mine: your moves so far, theirs: the other side's
    return 'cheap'
