"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = ['X', 'Y']
PAYOFF = [[8.0, 2.0], [1.0, 8.0]]
OPPONENTS = [{"share": 0.25, "start": 0, "emit": [[0.097, 0.903], [0.942, 0.058], [0.942, 0.058], [0.942, 0.058]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[3, 3], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.25, "start": 1, "emit": [[0.891, 0.109], [0.055, 0.945]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.125, "start": 0, "emit": [[0.032, 0.968], [0.861, 0.139]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.375, "start": 0, "emit": [[0.246, 0.754], [0.781, 0.219], [0.894, 0.106], [0.074, 0.926]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]
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
