"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = ['large', 'small', 'skip']
PAYOFF = [[4.0, 3.0, 7.0], [8.0, 0.0, 6.0], [5.0, 0.0, 9.0]]
OPPONENTS = [{"share": 0.2353, "start": 0, "emit": [[0.047, 0.906, 0.047], [0.045, 0.045, 0.91], [0.045, 0.045, 0.91]], "next": [[[0, 0, 0], [0, 0, 0], [1, 1, 1]], [[2, 2, 2], [2, 2, 2], [1, 1, 1]], [[0, 0, 0], [0, 0, 0], [1, 1, 1]]]}, {"share": 0.2353, "start": 6, "emit": [[0.654, 0.173, 0.173], [0.089, 0.822, 0.089], [0.1105, 0.779, 0.1105], [0.932, 0.034, 0.034], [0.1805, 0.1805, 0.639], [0.1885, 0.623, 0.1885], [0.608, 0.196, 0.196], [0.06, 0.88, 0.06], [0.137, 0.726, 0.137]], "next": [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]]}, {"share": 0.1765, "start": 1, "emit": [[0.908, 0.046, 0.046], [0.0485, 0.903, 0.0485]], "next": [[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.3529, "start": 0, "emit": [[0.0705, 0.0705, 0.859], [0.0205, 0.959, 0.0205], [0.94, 0.03, 0.03]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}]
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


def decide(ours, others):
    weights = belief(ours, others)
    return MOVES[max(K, key=lambda a: sum(weight * PLANS[o][s][a] for (o, s), weight in weights.items()))]
