"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = ['green', 'red', 'blue']
PAYOFF = [[1.0, 2.0, 5.0], [1.0, 8.0, 2.0], [8.0, 0.0, 1.0]]
OPPONENTS = [{"share": 0.1429, "start": 7, "emit": [[0.1085, 0.783, 0.1085], [0.86, 0.07, 0.07], [0.1745, 0.1745, 0.651], [0.75, 0.125, 0.125], [0.032, 0.936, 0.032], [0.0885, 0.0885, 0.823], [0.076, 0.076, 0.848], [0.139, 0.139, 0.722], [0.0845, 0.831, 0.0845]], "next": [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]]}, {"share": 0.2857, "start": 0, "emit": [[0.033, 0.033, 0.934], [0.955, 0.0225, 0.0225], [0.955, 0.0225, 0.0225], [0.955, 0.0225, 0.0225], [0.955, 0.0225, 0.0225], [0.955, 0.0225, 0.0225]], "next": [[[0, 0, 0], [1, 1, 1], [0, 0, 0]], [[2, 2, 2], [1, 1, 1], [2, 2, 2]], [[3, 3, 3], [1, 1, 1], [3, 3, 3]], [[4, 4, 4], [1, 1, 1], [4, 4, 4]], [[5, 5, 5], [1, 1, 1], [5, 5, 5]], [[0, 0, 0], [1, 1, 1], [0, 0, 0]]]}, {"share": 0.2857, "start": 2, "emit": [[0.854, 0.073, 0.073], [0.0305, 0.939, 0.0305], [0.043, 0.043, 0.914]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}, {"share": 0.1429, "start": 2, "emit": [[0.86, 0.07, 0.07], [0.0415, 0.917, 0.0415], [0.021, 0.021, 0.958]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}, {"share": 0.1429, "start": 0, "emit": [[0.724, 0.138, 0.138]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}]
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


def choose(ours, others):
    weights = belief(ours, others)
    return MOVES[max(K, key=lambda a: sum(weight * PLANS[o][s][a] for (o, s), weight in weights.items()))]
