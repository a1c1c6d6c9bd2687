MOVES = ['cheap', 'dear', 'fair']
# PAY: yours first, then theirs
PAY = {
    ('cheap', 'cheap'): 0, ('cheap', 'dear'): 6, ('cheap', 'fair'): 1,
    ('dear', 'cheap'): 0, ('dear', 'dear'): 1, ('dear', 'fair'): 6,
    ('fair', 'cheap'): 3, ('fair', 'dear'): 1, ('fair', 'fair'): 2,
}


def play(their_moves, my_moves):
    # my_moves: your moves so far, their_moves: the other side's
    return 'dear'
