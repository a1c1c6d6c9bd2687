ACTIONS = ['defend', 'attack']
REWARD = {
    ('defend', 'defend'): 1, ('defend', 'attack'): 6,
    ('attack', 'defend'): 9, ('attack', 'attack'): 0,
}


def move(other_past, self_past):
    """Your next move; self_past and other_past are the moves so far."""
    return 'defend'
