OPTIONS = ['low', 'high']
PAY = {
    ('low', 'low'): 8, ('low', 'high'): 4,
    ('high', 'low'): 0, ('high', 'high'): 8,
}


def act(us, them):
    """us: own past moves, them: the opponent's."""
    return OPTIONS[len(us) % 2]
