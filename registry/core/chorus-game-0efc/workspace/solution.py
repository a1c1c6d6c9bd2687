ACTIONS = [0, 1]
# your points, by your move and theirs
REWARD = [[6, 2], [0, 5]]


def respond(ours, foes):
    # ours: your moves so far, foes: the other side's
    return 1
