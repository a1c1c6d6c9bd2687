OPTIONS = ['drop', 'relay']
PAY = {
    'drop': {'drop': 1, 'relay': 9},
    'relay': {'drop': 7, 'relay': 6},
}


def play(mine, theirs):
    """mine: own past moves, theirs: the opponent's."""
    return 'drop'
