ACTIONS = ['charge', 'cool', 'wash']
# REWARD: yours first, then theirs
REWARD = {
    ('charge', 'charge'): 7, ('charge', 'cool'): 1, ('charge', 'wash'): 2,
    ('cool', 'charge'): 3, ('cool', 'cool'): 5, ('cool', 'wash'): 0,
    ('wash', 'charge'): 1, ('wash', 'cool'): 3, ('wash', 'wash'): 8,
}


def move(me, rival):
    """me: own past moves, rival: the opponent's."""
    return 'cool'
