"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = ['A', 'B', 'C']
PAYOFF = [[1.0, 4.0, 2.0], [2.0, 2.0, 5.0], [9.0, 1.0, 3.0]]
OPPONENTS = [{"share": 0.2222, "start": 0, "emit": [[0.1705, 0.1705, 0.659]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.2222, "start": 0, "emit": [[0.045, 0.045, 0.91], [0.949, 0.0255, 0.0255], [0.949, 0.0255, 0.0255]], "next": [[[1, 1, 1], [0, 0, 0], [0, 0, 0]], [[1, 1, 1], [2, 2, 2], [2, 2, 2]], [[1, 1, 1], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.1111, "start": 2, "emit": [[0.1055, 0.789, 0.1055], [0.677, 0.1615, 0.1615], [0.0315, 0.937, 0.0315], [0.049, 0.049, 0.902], [0.0865, 0.827, 0.0865], [0.0725, 0.855, 0.0725], [0.123, 0.123, 0.754], [0.876, 0.062, 0.062], [0.1565, 0.1565, 0.687]], "next": [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]]}, {"share": 0.3333, "start": 2, "emit": [[0.0425, 0.915, 0.0425], [0.0325, 0.0325, 0.935], [0.021, 0.021, 0.958]], "next": [[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[2, 2, 2], [2, 2, 2], [2, 2, 2]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.1111, "start": 0, "emit": [[0.1835, 0.633, 0.1835]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}]
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


def play(ours, others):
    weights = belief(ours, others)
    return MOVES[max(K, key=lambda a: sum(weight * PLANS[o][s][a] for (o, s), weight in weights.items()))]
