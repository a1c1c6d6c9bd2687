"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = ['green', 'blue', 'red']
PAYOFF = [[8.0, 3.0, 2.0], [2.0, 4.0, 4.0], [4.0, 9.0, 2.0]]
OPPONENTS = [{"share": 0.2143, "start": 0, "emit": [[0.685, 0.1575, 0.1575]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.2857, "start": 0, "emit": [[0.925, 0.0375, 0.0375], [0.0525, 0.895, 0.0525], [0.045, 0.045, 0.91]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}, {"share": 0.2857, "start": 2, "emit": [[0.0125, 0.975, 0.0125], [0.932, 0.034, 0.034], [0.0105, 0.979, 0.0105], [0.0195, 0.0195, 0.961]], "next": [[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[2, 2, 2], [2, 2, 2], [2, 2, 2]], [[3, 3, 3], [3, 3, 3], [3, 3, 3]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.2143, "start": 8, "emit": [[0.183, 0.634, 0.183], [0.183, 0.183, 0.634], [0.065, 0.065, 0.87], [0.643, 0.1785, 0.1785], [0.178, 0.644, 0.178], [0.055, 0.89, 0.055], [0.757, 0.1215, 0.1215], [0.675, 0.1625, 0.1625], [0.836, 0.082, 0.082]], "next": [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]]}]
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


def play(others, ours):
    weights = belief(ours, others)
    return MOVES[max(K, key=lambda a: sum(weight * PLANS[o][s][a] for (o, s), weight in weights.items()))]
