CHOICES = ['wash', 'cool', 'charge']
REWARD = {
    'wash': {'wash': 2, 'cool': 4, 'charge': 5},
    'cool': {'wash': 8, 'cool': 4, 'charge': 2},
    'charge': {'wash': 1, 'cool': 8, 'charge': 2},
}


def respond(me, rival):
    """Your next move; me and rival are the moves so far."""
    return CHOICES[len(me) % 3]
