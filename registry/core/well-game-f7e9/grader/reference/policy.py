"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = ['X', 'Y', 'Z']
PAYOFF = [[4.0, 9.0, 6.0], [6.0, 0.0, 9.0], [9.0, 4.0, 6.0]]
OPPONENTS = [{"share": 0.3529, "start": 3, "emit": [[0.088, 0.824, 0.088], [0.051, 0.051, 0.898], [0.859, 0.0705, 0.0705], [0.0565, 0.887, 0.0565], [0.106, 0.788, 0.106], [0.645, 0.1775, 0.1775], [0.615, 0.1925, 0.1925], [0.765, 0.1175, 0.1175], [0.194, 0.612, 0.194]], "next": [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]]}, {"share": 0.1765, "start": 0, "emit": [[0.045, 0.045, 0.91], [0.048, 0.904, 0.048]], "next": [[[0, 0, 0], [1, 1, 1], [0, 0, 0]], [[1, 1, 1], [1, 1, 1], [1, 1, 1]]]}, {"share": 0.2353, "start": 2, "emit": [[0.893, 0.0535, 0.0535], [0.023, 0.954, 0.023], [0.051, 0.051, 0.898]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}, {"share": 0.2353, "start": 0, "emit": [[0.7, 0.15, 0.15]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}]
K, AHEAD = range(len(MOVES)), 0.92


def plan(opponent):
    """Value of each move in each state of a known opponent, by value iteration."""
    emit, then = opponent["emit"], opponent["next"]
    value = [0.0] * len(emit)
    for _ in range(60):
        table = [
            [sum(emit[s][b] * (PAYOFF[a][b] + AHEAD * value[then[s][a][b]]) for b in K) for a in K]
            for s in range(len(emit))
        ]
        value = [max(row) for row in table]
    return table


PLANS = [plan(opponent) for opponent in OPPONENTS]
BELIEFS = {((), ()): {(o, opponent["start"]): opponent["share"] for o, opponent in enumerate(OPPONENTS)}}


def belief(ours, others):
    """Weights of (opponent, state) after these moves; kept, since every prefix was asked for before."""
    key = tuple(ours), tuple(others)
    if key not in BELIEFS:
        weights = {}
        a, b = MOVES.index(ours[-1]), MOVES.index(others[-1])
        for (o, s), weight in belief(ours[:-1], others[:-1]).items():
            weight *= OPPONENTS[o]["emit"][s][b]
            if weight > 1e-9:
                after = o, OPPONENTS[o]["next"][s][a][b]
                weights[after] = weights.get(after, 0.0) + weight
        total = sum(weights.values())
        BELIEFS[key] = {after: weight / total for after, weight in weights.items()}
    return BELIEFS[key]


def act(ours, others):
    weights = belief(ours, others)
    return MOVES[max(K, key=lambda a: sum(weight * PLANS[o][s][a] for (o, s), weight in weights.items()))]
