moves = ['hare', 'stag']
POINTS = {
    ('hare', 'hare'): 8, ('hare', 'stag'): 4,
    ('stag', 'hare'): 5, ('stag', 'stag'): 8,
}


def next_move(their_moves, my_moves):
    # my_moves: your moves so far, their_moves: the other side's
    return 'hare'
