OPTIONS = ['sip', 'drain']
# POINTS: yours first, then theirs
POINTS = {
    'sip': {'sip': 0, 'drain': 9},
    'drain': {'sip': 6, 'drain': 6},
}


def play(them, us):
    """us: own past moves, them: the opponent's."""
    return 'sip'
