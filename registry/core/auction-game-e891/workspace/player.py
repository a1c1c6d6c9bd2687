import random

OPTIONS = ['large', 'small', 'skip']
PAY = {
    ('large', 'large'): 4, ('large', 'small'): 3, ('large', 'skip'): 7,
    ('small', 'large'): 8, ('small', 'small'): 0, ('small', 'skip'): 6,
    ('skip', 'large'): 5, ('skip', 'small'): 0, ('skip', 'skip'): 9,
}


def decide(my_moves, their_moves):
    """Your next move; my_moves and their_moves are the moves so far."""
    return random.choice(OPTIONS)
