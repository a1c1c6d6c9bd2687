"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = ['sit', 'sue', 'sell']
PAYOFF = [[0.0, 8.0, 6.0], [0.0, 3.0, 8.0], [6.0, 6.0, 6.0]]
OPPONENTS = [{"share": 0.2727, "start": 6, "emit": [[0.0455, 0.0455, 0.909], [0.1955, 0.609, 0.1955], [0.9, 0.05, 0.05], [0.1705, 0.1705, 0.659], [0.689, 0.1555, 0.1555], [0.177, 0.646, 0.177], [0.071, 0.071, 0.858], [0.1315, 0.1315, 0.737], [0.1575, 0.1575, 0.685]], "next": [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]]}, {"share": 0.1364, "start": 0, "emit": [[0.2, 0.2, 0.6]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.2727, "start": 0, "emit": [[0.065, 0.065, 0.87]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.2273, "start": 0, "emit": [[0.0315, 0.937, 0.0315], [0.0395, 0.0395, 0.921]], "next": [[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.0909, "start": 1, "emit": [[0.9, 0.05, 0.05], [0.0245, 0.0245, 0.951], [0.027, 0.946, 0.027]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}]
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


def next_move(others, ours):
    weights = belief(ours, others)
    return MOVES[max(K, key=lambda a: sum(weight * PLANS[o][s][a] for (o, s), weight in weights.items()))]
