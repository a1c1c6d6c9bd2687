"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = ['one', 'three', 'two']
PAYOFF = [[2.0, 9.0, 5.0], [6.0, 2.0, 4.0], [1.0, 5.0, 9.0]]
OPPONENTS = [{"share": 0.1176, "start": 0, "emit": [[0.0745, 0.0745, 0.851]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.3529, "start": 0, "emit": [[0.0195, 0.961, 0.0195], [0.017, 0.017, 0.966], [0.017, 0.017, 0.966], [0.017, 0.017, 0.966], [0.017, 0.017, 0.966], [0.017, 0.017, 0.966]], "next": [[[0, 0, 0], [0, 0, 0], [1, 1, 1]], [[2, 2, 2], [2, 2, 2], [1, 1, 1]], [[3, 3, 3], [3, 3, 3], [1, 1, 1]], [[4, 4, 4], [4, 4, 4], [1, 1, 1]], [[5, 5, 5], [5, 5, 5], [1, 1, 1]], [[0, 0, 0], [0, 0, 0], [1, 1, 1]]]}, {"share": 0.2941, "start": 0, "emit": [[0.0425, 0.0425, 0.915], [0.0295, 0.941, 0.0295], [0.932, 0.034, 0.034]], "next": [[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[2, 2, 2], [2, 2, 2], [2, 2, 2]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.2353, "start": 4, "emit": [[0.686, 0.157, 0.157], [0.0305, 0.939, 0.0305], [0.0275, 0.945, 0.0275], [0.1515, 0.697, 0.1515], [0.052, 0.052, 0.896], [0.0965, 0.807, 0.0965], [0.1655, 0.669, 0.1655], [0.048, 0.048, 0.904], [0.853, 0.0735, 0.0735]], "next": [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]]}]
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


def next_move(ours, others):
    weights = belief(ours, others)
    return MOVES[max(K, key=lambda a: sum(weight * PLANS[o][s][a] for (o, s), weight in weights.items()))]
