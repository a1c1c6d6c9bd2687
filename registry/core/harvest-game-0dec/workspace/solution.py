CHOICES = ['wait', 'sow', 'reap']
REWARD = {
    ('wait', 'wait'): 1, ('wait', 'sow'): 9, ('wait', 'reap'): 0,
    ('sow', 'wait'): 7, ('sow', 'sow'): 3, ('sow', 'reap'): 0,
    ('reap', 'wait'): 0, ('reap', 'sow'): 0, ('reap', 'reap'): 9,
}


def select(foes, ours):
    """ours: own past moves, foes: the opponent's."""
    return 'reap'
