"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = ['A', 'B', 'C']
PAYOFF = [[1.0, 9.0, 1.0], [5.0, 2.0, 3.0], [0.0, 4.0, 5.0]]
OPPONENTS = [{"share": 0.3077, "start": 0, "emit": [[0.1955, 0.1955, 0.609]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.3077, "start": 2, "emit": [[0.824, 0.088, 0.088], [0.911, 0.0445, 0.0445], [0.0775, 0.845, 0.0775], [0.109, 0.109, 0.782], [0.862, 0.069, 0.069], [0.168, 0.664, 0.168], [0.124, 0.752, 0.124], [0.0575, 0.0575, 0.885], [0.937, 0.0315, 0.0315]], "next": [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]]}, {"share": 0.3846, "start": 3, "emit": [[0.0175, 0.0175, 0.965], [0.0175, 0.0175, 0.965], [0.934, 0.033, 0.033], [0.924, 0.038, 0.038]], "next": [[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[2, 2, 2], [2, 2, 2], [2, 2, 2]], [[3, 3, 3], [3, 3, 3], [3, 3, 3]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}]
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


def act(others, ours):
    weights = belief(ours, others)
    return MOVES[max(K, key=lambda a: sum(weight * PLANS[o][s][a] for (o, s), weight in weights.items()))]
