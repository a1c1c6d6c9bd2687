"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = ['stay', 'north', 'south']
PAYOFF = [[9.0, 5.0, 6.0], [6.0, 9.0, 1.0], [2.0, 7.0, 9.0]]
OPPONENTS = [{"share": 0.2083, "start": 1, "emit": [[0.949, 0.0255, 0.0255], [0.017, 0.966, 0.017], [0.046, 0.046, 0.908]], "next": [[[1, 1, 1], [1, 1, 1], [0, 0, 0]], [[2, 2, 2], [2, 2, 2], [1, 1, 1]], [[0, 0, 0], [0, 0, 0], [2, 2, 2]]]}, {"share": 0.2083, "start": 0, "emit": [[0.755, 0.1225, 0.1225]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.25, "start": 2, "emit": [[0.0925, 0.0925, 0.815], [0.155, 0.155, 0.69], [0.879, 0.0605, 0.0605], [0.048, 0.048, 0.904], [0.831, 0.0845, 0.0845], [0.1695, 0.1695, 0.661], [0.04, 0.92, 0.04], [0.108, 0.784, 0.108], [0.86, 0.07, 0.07]], "next": [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]]}, {"share": 0.125, "start": 1, "emit": [[0.92, 0.04, 0.04], [0.0335, 0.0335, 0.933], [0.0235, 0.953, 0.0235]], "next": [[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[2, 2, 2], [2, 2, 2], [2, 2, 2]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.2083, "start": 0, "emit": [[0.0905, 0.819, 0.0905], [0.912, 0.044, 0.044], [0.0345, 0.931, 0.0345], [0.038, 0.038, 0.924], [0.912, 0.044, 0.044], [0.0345, 0.931, 0.0345], [0.038, 0.038, 0.924]], "next": [[[1, 1, 1], [2, 2, 2], [3, 3, 3]], [[1, 1, 1], [4, 4, 4], [4, 4, 4]], [[5, 5, 5], [2, 2, 2], [5, 5, 5]], [[6, 6, 6], [6, 6, 6], [3, 3, 3]], [[1, 1, 1], [2, 2, 2], [3, 3, 3]], [[1, 1, 1], [2, 2, 2], [3, 3, 3]], [[1, 1, 1], [2, 2, 2], [3, 3, 3]]]}]
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


def select(ours, others):
    weights = belief(ours, others)
    return MOVES[max(K, key=lambda a: sum(weight * PLANS[o][s][a] for (o, s), weight in weights.items()))]
