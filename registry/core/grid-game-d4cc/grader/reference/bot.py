"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = ['wash', 'cool', 'charge']
PAYOFF = [[3.0, 8.0, 5.0], [4.0, 6.0, 9.0], [7.0, 5.0, 4.0]]
OPPONENTS = [{"share": 0.1818, "start": 1, "emit": [[0.874, 0.063, 0.063], [0.0385, 0.923, 0.0385], [0.059, 0.059, 0.882]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}, {"share": 0.1818, "start": 0, "emit": [[0.068, 0.864, 0.068], [0.015, 0.97, 0.015], [0.911, 0.0445, 0.0445], [0.032, 0.032, 0.936], [0.015, 0.97, 0.015], [0.911, 0.0445, 0.0445], [0.032, 0.032, 0.936]], "next": [[[1, 1, 1], [2, 2, 2], [3, 3, 3]], [[1, 1, 1], [4, 4, 4], [4, 4, 4]], [[5, 5, 5], [2, 2, 2], [5, 5, 5]], [[6, 6, 6], [6, 6, 6], [3, 3, 3]], [[1, 1, 1], [2, 2, 2], [3, 3, 3]], [[1, 1, 1], [2, 2, 2], [3, 3, 3]], [[1, 1, 1], [2, 2, 2], [3, 3, 3]]]}, {"share": 0.2727, "start": 0, "emit": [[0.812, 0.094, 0.094]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.1364, "start": 1, "emit": [[0.0485, 0.0485, 0.903], [0.0285, 0.0285, 0.943], [0.0155, 0.969, 0.0155], [0.969, 0.0155, 0.0155]], "next": [[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[2, 2, 2], [2, 2, 2], [2, 2, 2]], [[3, 3, 3], [3, 3, 3], [3, 3, 3]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.2273, "start": 0, "emit": [[0.95, 0.025, 0.025], [0.012, 0.976, 0.012], [0.0365, 0.0365, 0.927]], "next": [[[1, 1, 1], [1, 1, 1], [0, 0, 0]], [[2, 2, 2], [2, 2, 2], [1, 1, 1]], [[0, 0, 0], [0, 0, 0], [2, 2, 2]]]}]
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


def move(ours, others):
    weights = belief(ours, others)
    return MOVES[max(K, key=lambda a: sum(weight * PLANS[o][s][a] for (o, s), weight in weights.items()))]
