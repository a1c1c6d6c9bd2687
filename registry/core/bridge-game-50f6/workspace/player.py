moves = [0, 1, 2]
# your points, by your move and theirs
PAYOFF = [[0, 9, 2], [9, 0, 1], [7, 7, 6]]


def act(my_moves, their_moves):
    # my_moves: your moves so far, their_moves: the other side's
    return 1
