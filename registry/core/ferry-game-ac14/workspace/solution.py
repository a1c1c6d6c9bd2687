ACTIONS = ['circle', 'dock']
# GAIN: yours first, then theirs
GAIN = {
    'circle': {'circle': 0, 'dock': 9},
    'dock': {'circle': 7, 'dock': 6},
}


def respond(foes, ours):
    """ours: own past moves, foes: the opponent's."""
    return 'circle'
