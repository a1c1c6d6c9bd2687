OPTIONS = ['drop', 'relay']
PAY = {
    ('drop', 'drop'): 8, ('drop', 'relay'): 2,
    ('relay', 'drop'): 5, ('relay', 'relay'): 8,
}


def act(mine, theirs):
    """Your next move; mine and theirs are the moves so far."""
    return OPTIONS[len(mine) % 2]
