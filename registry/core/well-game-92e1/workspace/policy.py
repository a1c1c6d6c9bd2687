OPTIONS = ['sip', 'drain']
# your points, by your move and theirs
POINTS = {
    ('sip', 'sip'): 0, ('sip', 'drain'): 7,
    ('drain', 'sip'): 9, ('drain', 'drain'): 0,
}


def decide(theirs, mine):
    # mine: your moves so far, theirs: the other side's
    return 'sip'
