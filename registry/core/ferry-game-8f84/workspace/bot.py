import random

CHOICES = ['dock', 'circle']
# your points, by your move and theirs
GAIN = {
    ('dock', 'dock'): 9, ('dock', 'circle'): 6,
    ('circle', 'dock'): 0, ('circle', 'circle'): 8,
}


def respond(rival, me):
    # me: your moves so far, rival: the other side's
    return random.choice(CHOICES)
