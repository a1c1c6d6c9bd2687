import random

OPTIONS = ['send', 'hush']
# PAYOFF: yours first, then theirs
PAYOFF = {
    ('send', 'send'): 7, ('send', 'hush'): 2,
    ('hush', 'send'): 1, ('hush', 'hush'): 6,
}


def choose(own, other):
    """Your next move; own and other are the moves so far."""
    return random.choice(OPTIONS)
