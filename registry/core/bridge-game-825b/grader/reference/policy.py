"""Reference: knows the mixture, keeps a belief over opponents and their states, and plans ahead."""

MOVES = ['wait', 'rush', 'creep']
PAYOFF = [[8.0, 7.0, 4.0], [2.0, 7.0, 9.0], [6.0, 9.0, 4.0]]
OPPONENTS = [{"share": 0.2273, "start": 0, "emit": [[0.779, 0.1105, 0.1105]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.2727, "start": 0, "emit": [[0.66, 0.17, 0.17], [0.059, 0.882, 0.059], [0.759, 0.1205, 0.1205], [0.668, 0.166, 0.166], [0.1285, 0.743, 0.1285], [0.1135, 0.1135, 0.773], [0.112, 0.776, 0.112], [0.1795, 0.641, 0.1795], [0.669, 0.1655, 0.1655]], "next": [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]]}, {"share": 0.1364, "start": 0, "emit": [[0.74, 0.13, 0.13]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.2727, "start": 0, "emit": [[0.037, 0.037, 0.926], [0.963, 0.0185, 0.0185], [0.963, 0.0185, 0.0185], [0.963, 0.0185, 0.0185], [0.963, 0.0185, 0.0185], [0.963, 0.0185, 0.0185]], "next": [[[0, 0, 0], [0, 0, 0], [1, 1, 1]], [[2, 2, 2], [2, 2, 2], [1, 1, 1]], [[3, 3, 3], [3, 3, 3], [1, 1, 1]], [[4, 4, 4], [4, 4, 4], [1, 1, 1]], [[5, 5, 5], [5, 5, 5], [1, 1, 1]], [[0, 0, 0], [0, 0, 0], [1, 1, 1]]]}, {"share": 0.0909, "start": 0, "emit": [[0.017, 0.017, 0.966], [0.967, 0.0165, 0.0165]], "next": [[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}]
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


def choose(others, ours):
    weights = belief(ours, others)
    return MOVES[max(K, key=lambda a: sum(weight * PLANS[o][s][a] for (o, s), weight in weights.items()))]
