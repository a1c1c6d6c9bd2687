ACTIONS = ['trill', 'mute', 'croak']
GAIN = {
    ('trill', 'trill'): 1, ('trill', 'mute'): 9, ('trill', 'croak'): 4,
    ('mute', 'trill'): 6, ('mute', 'mute'): 4, ('mute', 'croak'): 5,
    ('croak', 'trill'): 1, ('croak', 'mute'): 7, ('croak', 'croak'): 7,
}


def select(foes, ours):
    """ours: own past moves, foes: the opponent's."""
    return ACTIONS[len(ours) % 3]
