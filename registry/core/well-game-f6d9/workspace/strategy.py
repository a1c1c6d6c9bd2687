moves = ['sip', 'drain']
# your points, by your move and theirs
POINTS = {
    'sip': {'sip': 0, 'drain': 9},
    'drain': {'sip': 6, 'drain': 6},
}


def play(theirs, mine):
    # mine: your moves so far, theirs: the other side's
    return 'sip'
