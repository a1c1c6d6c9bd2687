ACTIONS = ['charge', 'cool', 'wash']
REWARD = {
    'charge': {'charge': 7, 'cool': 1, 'wash': 2},
    'cool': {'charge': 3, 'cool': 5, 'wash': 0},
    'wash': {'charge': 1, 'cool': 3, 'wash': 8},
}


def move(self_past, other_past):
    """Your next move; self_past and other_past are the moves so far."""
    return 'cool'
