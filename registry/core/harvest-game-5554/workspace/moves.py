ACTIONS = ['sow', 'wait', 'reap']
GAIN = {
    'sow': {'sow': 8, 'wait': 4, 'reap': 3},
    'wait': {'sow': 1, 'wait': 7, 'reap': 7},
    'reap': {'sow': 4, 'wait': 4, 'reap': 9},
}


def respond(self_past, other_past):
    """Your next move; self_past and other_past are the moves so far."""
    return 'sow'
