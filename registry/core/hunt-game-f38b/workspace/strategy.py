moves = ['hare', 'stag']
# PAY: yours first, then theirs
PAY = {
    ('hare', 'hare'): 1, ('hare', 'stag'): 6,
    ('stag', 'hare'): 5, ('stag', 'stag'): 0,
}


def decide(my_moves, their_moves):
    # my_moves: your moves so far, their_moves: the other side's
    return 'stag'
