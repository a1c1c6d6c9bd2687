moves = ['go', 'yield']
# payoff: yours first, then theirs
payoff = {
    ('go', 'go'): 5, ('go', 'yield'): 9,
    ('yield', 'go'): 7, ('yield', 'yield'): 3,
}


def act(mine, theirs):
    """mine: own past moves, theirs: the opponent's."""
    return 'yield'
