OPTIONS = ['cheap', 'dear', 'fair']
# your points, by your move and theirs
PAY = {
    'cheap': {'cheap': 0, 'dear': 6, 'fair': 1},
    'dear': {'cheap': 0, 'dear': 1, 'fair': 6},
    'fair': {'cheap': 3, 'dear': 1, 'fair': 2},
}


def play(other, own):
    """own: own past moves, other: the opponent's."""
    return 'dear'
