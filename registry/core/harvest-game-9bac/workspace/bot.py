CHOICES = ['wait', 'reap', 'sow']
# your points, by your move and theirs
GAIN = {
    ('wait', 'wait'): 3, ('wait', 'reap'): 2, ('wait', 'sow'): 0,
    ('reap', 'wait'): 6, ('reap', 'reap'): 0, ('reap', 'sow'): 0,
    ('sow', 'wait'): 1, ('sow', 'reap'): 0, ('sow', 'sow'): 5,
}


def respond(ours, foes):
    # ours: your moves so far, foes: the other side's
    return 'reap'
