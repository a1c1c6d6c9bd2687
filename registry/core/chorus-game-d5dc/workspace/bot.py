CHOICES = ['call', 'lurk']
# REWARD: yours first, then theirs
REWARD = {
    'call': {'call': 1, 'lurk': 9},
    'lurk': {'call': 6, 'lurk': 2},
}


def respond(ours, foes):
    """ours: own past moves, foes: the opponent's."""
    return 'call'
