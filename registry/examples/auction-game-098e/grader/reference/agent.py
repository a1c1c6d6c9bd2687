"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = [0, 1, 2]
PAYOFF = [[0.0, 4.0, 1.0], [6.0, 1.0, 2.0], [1.0, 0.0, 4.0]]
OPPONENTS = [{"share": 0.2174, "start": 1, "emit": [[0.032, 0.936, 0.032], [0.012, 0.012, 0.976]], "next": [[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.1304, "start": 0, "emit": [[0.0175, 0.0175, 0.965], [0.938, 0.031, 0.031], [0.938, 0.031, 0.031]], "next": [[[1, 1, 1], [0, 0, 0], [0, 0, 0]], [[1, 1, 1], [2, 2, 2], [2, 2, 2]], [[1, 1, 1], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.1304, "start": 2, "emit": [[0.0525, 0.895, 0.0525], [0.95, 0.025, 0.025], [0.061, 0.061, 0.878]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}, {"share": 0.2609, "start": 0, "emit": [[0.1235, 0.1235, 0.753]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.2609, "start": 2, "emit": [[0.959, 0.0205, 0.0205], [0.019, 0.962, 0.019], [0.046, 0.046, 0.908]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}]
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
