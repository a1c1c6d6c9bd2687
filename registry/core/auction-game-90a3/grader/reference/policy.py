"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = ['small', 'skip', 'large']
PAYOFF = [[4.0, 5.0, 9.0], [9.0, 4.0, 3.0], [2.0, 9.0, 7.0]]
OPPONENTS = [{"share": 0.125, "start": 1, "emit": [[0.941, 0.0295, 0.0295], [0.0465, 0.907, 0.0465], [0.0195, 0.0195, 0.961]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}, {"share": 0.125, "start": 0, "emit": [[0.0415, 0.0415, 0.917], [0.969, 0.0155, 0.0155], [0.969, 0.0155, 0.0155], [0.969, 0.0155, 0.0155], [0.969, 0.0155, 0.0155], [0.969, 0.0155, 0.0155]], "next": [[[0, 0, 0], [0, 0, 0], [1, 1, 1]], [[2, 2, 2], [2, 2, 2], [1, 1, 1]], [[3, 3, 3], [3, 3, 3], [1, 1, 1]], [[4, 4, 4], [4, 4, 4], [1, 1, 1]], [[5, 5, 5], [5, 5, 5], [1, 1, 1]], [[0, 0, 0], [0, 0, 0], [1, 1, 1]]]}, {"share": 0.25, "start": 0, "emit": [[0.843, 0.0785, 0.0785]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.3125, "start": 3, "emit": [[0.03, 0.94, 0.03], [0.0265, 0.0265, 0.947], [0.633, 0.1835, 0.1835], [0.8, 0.1, 0.1], [0.1125, 0.1125, 0.775], [0.0695, 0.0695, 0.861], [0.1175, 0.1175, 0.765], [0.941, 0.0295, 0.0295], [0.0665, 0.867, 0.0665]], "next": [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]]}, {"share": 0.1875, "start": 0, "emit": [[0.023, 0.023, 0.954], [0.959, 0.0205, 0.0205]], "next": [[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}]
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


def pick(ours, others):
    weights = belief(ours, others)
    return MOVES[max(K, key=lambda a: sum(weight * PLANS[o][s][a] for (o, s), weight in weights.items()))]
