CHOICES = [0, 1]
VALUE = [[9, 0], [6, 8]]


def respond(rival, me):
    """Your next move; me and rival are the moves so far."""
    return CHOICES[len(me) % 2]
