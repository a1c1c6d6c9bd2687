"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = ['X', 'Y', 'Z']
PAYOFF = [[9.0, 5.0, 1.0], [7.0, 9.0, 2.0], [4.0, 0.0, 8.0]]
OPPONENTS = [{"share": 0.2353, "start": 0, "emit": [[0.1705, 0.1705, 0.659]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.1176, "start": 0, "emit": [[0.136, 0.136, 0.728]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.1176, "start": 1, "emit": [[0.036, 0.036, 0.928], [0.969, 0.0155, 0.0155], [0.026, 0.948, 0.026]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}, {"share": 0.2941, "start": 1, "emit": [[0.087, 0.087, 0.826], [0.143, 0.143, 0.714], [0.605, 0.1975, 0.1975], [0.098, 0.098, 0.804], [0.704, 0.148, 0.148], [0.742, 0.129, 0.129], [0.041, 0.918, 0.041], [0.908, 0.046, 0.046], [0.944, 0.028, 0.028]], "next": [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]]}, {"share": 0.2353, "start": 0, "emit": [[0.93, 0.035, 0.035], [0.019, 0.019, 0.962], [0.019, 0.019, 0.962], [0.019, 0.019, 0.962], [0.019, 0.019, 0.962], [0.019, 0.019, 0.962]], "next": [[[0, 0, 0], [1, 1, 1], [0, 0, 0]], [[2, 2, 2], [1, 1, 1], [2, 2, 2]], [[3, 3, 3], [1, 1, 1], [3, 3, 3]], [[4, 4, 4], [1, 1, 1], [4, 4, 4]], [[5, 5, 5], [1, 1, 1], [5, 5, 5]], [[0, 0, 0], [1, 1, 1], [0, 0, 0]]]}]
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
