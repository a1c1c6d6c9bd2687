ACTIONS = ['lurk', 'call']
REWARD = {
    ('lurk', 'lurk'): 4, ('lurk', 'call'): 8,
    ('call', 'lurk'): 9, ('call', 'call'): 0,
}


def respond(ours, foes):
    """Your next move; ours and foes are the moves so far."""
    return 'call'
