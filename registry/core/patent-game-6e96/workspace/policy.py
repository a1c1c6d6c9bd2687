OPTIONS = ['hide', 'share']
POINTS = {
    'hide': {'hide': 1, 'share': 5},
    'share': {'hide': 4, 'share': 0},
}


def choose(my_moves, their_moves):
    # my_moves: your moves so far, their_moves: the other side's
    return 'share'
