"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = ['P', 'Q', 'R']
PAYOFF = [[1.0, 8.0, 4.0], [3.0, 6.0, 9.0], [9.0, 0.0, 7.0]]
OPPONENTS = [{"share": 0.3158, "start": 1, "emit": [[0.95, 0.025, 0.025], [0.0655, 0.869, 0.0655], [0.044, 0.044, 0.912]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}, {"share": 0.2105, "start": 0, "emit": [[0.867, 0.0665, 0.0665]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.2105, "start": 0, "emit": [[0.1165, 0.767, 0.1165]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.1579, "start": 1, "emit": [[0.694, 0.153, 0.153], [0.135, 0.73, 0.135], [0.948, 0.026, 0.026], [0.1915, 0.1915, 0.617], [0.867, 0.0665, 0.0665], [0.026, 0.948, 0.026], [0.0645, 0.871, 0.0645], [0.0645, 0.0645, 0.871], [0.9, 0.05, 0.05]], "next": [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]]}, {"share": 0.1053, "start": 0, "emit": [[0.0475, 0.905, 0.0475], [0.902, 0.049, 0.049], [0.902, 0.049, 0.049]], "next": [[[0, 0, 0], [0, 0, 0], [1, 1, 1]], [[2, 2, 2], [2, 2, 2], [1, 1, 1]], [[0, 0, 0], [0, 0, 0], [1, 1, 1]]]}]
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
