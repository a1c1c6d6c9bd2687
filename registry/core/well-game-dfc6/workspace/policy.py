OPTIONS = ['drain', 'sip']
# PAYOFF: yours first, then theirs
PAYOFF = {
    'drain': {'drain': 1, 'sip': 5},
    'sip': {'drain': 8, 'sip': 2},
}


def act(own, other):
    """Your next move; own and other are the moves so far."""
    return 'drain'
