CHOICES = ['sow', 'wait', 'reap']
GAIN = {
    ('sow', 'sow'): 8, ('sow', 'wait'): 4, ('sow', 'reap'): 3,
    ('wait', 'sow'): 1, ('wait', 'wait'): 7, ('wait', 'reap'): 7,
    ('reap', 'sow'): 4, ('reap', 'wait'): 4, ('reap', 'reap'): 9,
}


def respond(self_past, other_past):
    """Your next move; self_past and other_past are the moves so far."""
    return 'sow'
