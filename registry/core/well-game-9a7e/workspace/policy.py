moves = ['drain', 'sip']
# PAYOFF: yours first, then theirs
PAYOFF = {
    ('drain', 'drain'): 0, ('drain', 'sip'): 9,
    ('sip', 'drain'): 8, ('sip', 'sip'): 3,
}


def decide(own, other):
    """own: own past moves, other: the opponent's."""
    return moves[len(own) % 2]
