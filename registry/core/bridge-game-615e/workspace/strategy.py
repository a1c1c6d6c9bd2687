OPTIONS = [0, 1, 2]
PAY = [[0, 2, 6], [0, 9, 1], [6, 1, 4]]


def choose(us, them):
    # us: your moves so far, them: the other side's
    return OPTIONS[len(us) % 3]
