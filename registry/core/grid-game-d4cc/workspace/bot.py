ACTIONS = ['wash', 'cool', 'charge']
# your points, by your move and theirs
GAIN = {
    'wash': {'wash': 3, 'cool': 8, 'charge': 5},
    'cool': {'wash': 4, 'cool': 6, 'charge': 9},
    'charge': {'wash': 7, 'cool': 5, 'charge': 4},
}


def move(ours, foes):
    # ours: your moves so far, foes: the other side's
    return ACTIONS[len(ours) % 3]
