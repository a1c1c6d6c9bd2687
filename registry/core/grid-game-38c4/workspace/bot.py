CHOICES = [0, 1, 2]
# your points, by your move and theirs
GAIN = [[0, 5, 4], [6, 3, 5], [2, 2, 9]]


def respond(self_past, other_past):
    # self_past: your moves so far, other_past: the other side's
    return 0
