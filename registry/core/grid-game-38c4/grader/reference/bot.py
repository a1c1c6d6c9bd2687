"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = [0, 1, 2]
PAYOFF = [[0.0, 5.0, 4.0], [6.0, 3.0, 5.0], [2.0, 2.0, 9.0]]
OPPONENTS = [{"share": 0.2273, "start": 0, "emit": [[0.105, 0.79, 0.105], [0.0345, 0.931, 0.0345], [0.1535, 0.693, 0.1535], [0.0785, 0.843, 0.0785], [0.135, 0.135, 0.73], [0.128, 0.128, 0.744], [0.878, 0.061, 0.061], [0.652, 0.174, 0.174], [0.92, 0.04, 0.04]], "next": [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]]}, {"share": 0.0909, "start": 0, "emit": [[0.941, 0.0295, 0.0295], [0.048, 0.904, 0.048], [0.059, 0.059, 0.882]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}, {"share": 0.2273, "start": 0, "emit": [[0.0825, 0.0825, 0.835]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.1818, "start": 1, "emit": [[0.913, 0.0435, 0.0435], [0.029, 0.942, 0.029], [0.0335, 0.0335, 0.933]], "next": [[[0, 0, 0], [1, 1, 1], [1, 1, 1]], [[1, 1, 1], [2, 2, 2], [2, 2, 2]], [[2, 2, 2], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.2727, "start": 0, "emit": [[0.072, 0.856, 0.072], [0.0185, 0.0185, 0.963], [0.931, 0.0345, 0.0345], [0.029, 0.942, 0.029], [0.0185, 0.0185, 0.963], [0.931, 0.0345, 0.0345], [0.029, 0.942, 0.029]], "next": [[[1, 1, 1], [2, 2, 2], [3, 3, 3]], [[1, 1, 1], [4, 4, 4], [4, 4, 4]], [[5, 5, 5], [2, 2, 2], [5, 5, 5]], [[6, 6, 6], [6, 6, 6], [3, 3, 3]], [[1, 1, 1], [2, 2, 2], [3, 3, 3]], [[1, 1, 1], [2, 2, 2], [3, 3, 3]], [[1, 1, 1], [2, 2, 2], [3, 3, 3]]]}]
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


def respond(ours, others):
    weights = belief(ours, others)
    return MOVES[max(K, key=lambda a: sum(weight * PLANS[o][s][a] for (o, s), weight in weights.items()))]
