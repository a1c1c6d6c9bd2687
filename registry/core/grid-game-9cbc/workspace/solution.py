ACTIONS = ['spend', 'save']
# VALUE: yours first, then theirs
VALUE = {
    'spend': {'spend': 1, 'save': 8},
    'save': {'spend': 9, 'save': 5},
}


def select(me, rival):
    """Your next move; me and rival are the moves so far."""
    return 'spend'
