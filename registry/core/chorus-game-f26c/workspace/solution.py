CHOICES = ['trill', 'croak', 'mute']
VALUE = {
    ('trill', 'trill'): 2, ('trill', 'croak'): 1, ('trill', 'mute'): 9,
    ('croak', 'trill'): 1, ('croak', 'croak'): 8, ('croak', 'mute'): 2,
    ('mute', 'trill'): 9, ('mute', 'croak'): 3, ('mute', 'mute'): 5,
}


def respond(self_past, other_past):
    # self_past: your moves so far, other_past: the other side's
    return CHOICES[len(self_past) % 3]
