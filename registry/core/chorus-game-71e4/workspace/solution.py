ACTIONS = ['lurk', 'call']
# GAIN: yours first, then theirs
GAIN = {
    ('lurk', 'lurk'): 4, ('lurk', 'call'): 4,
    ('call', 'lurk'): 8, ('call', 'call'): 2,
}


def strategy(self_past, other_past):
    """Your next move; self_past and other_past are the moves so far."""
    return 'call'
