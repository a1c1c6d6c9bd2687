import random

MOVES = ['hush', 'send']
# PAYOFF: yours first, then theirs
PAYOFF = {
    ('hush', 'hush'): 5, ('hush', 'send'): 1,
    ('send', 'hush'): 2, ('send', 'send'): 7,
}


def next_move(them, us):
    """us: own past moves, them: the opponent's."""
    return random.choice(MOVES)
