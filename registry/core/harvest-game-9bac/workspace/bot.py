ACTIONS = ['wait', 'reap', 'sow']
# your points, by your move and theirs
GAIN = {
    'wait': {'wait': 3, 'reap': 2, 'sow': 0},
    'reap': {'wait': 6, 'reap': 0, 'sow': 0},
    'sow': {'wait': 1, 'reap': 0, 'sow': 5},
}


def respond(ours, foes):
    """Your next move; ours and foes are the moves so far."""
    return 'reap'
