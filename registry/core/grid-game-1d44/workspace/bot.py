ACTIONS = ['wash', 'cool', 'charge']
# REWARD: yours first, then theirs
REWARD = {
    ('wash', 'wash'): 2, ('wash', 'cool'): 4, ('wash', 'charge'): 5,
    ('cool', 'wash'): 8, ('cool', 'cool'): 4, ('cool', 'charge'): 2,
    ('charge', 'wash'): 1, ('charge', 'cool'): 8, ('charge', 'charge'): 2,
}


def respond(ours, foes):
    # ours: your moves so far, foes: the other side's
    return ACTIONS[len(ours) % 3]
