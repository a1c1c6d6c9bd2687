MOVES = ['yield', 'go']
# PAY: yours first, then theirs
PAY = {
    ('yield', 'yield'): 8, ('yield', 'go'): 2,
    ('go', 'yield'): 2, ('go', 'go'): 9,
}


def choose(theirs, mine):
    """Your next move; mine and theirs are the moves so far."""
    return MOVES[len(mine) % 2]
