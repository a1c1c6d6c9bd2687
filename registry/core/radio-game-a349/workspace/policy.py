MOVES = ['hush', 'send']
# your points, by your move and theirs
payoff = {
    ('hush', 'hush'): 0, ('hush', 'send'): 9,
    ('send', 'hush'): 7, ('send', 'send'): 4,
}


def next_move(their_moves, my_moves):
    # my_moves: your moves so far, their_moves: the other side's
    return 'hush'
