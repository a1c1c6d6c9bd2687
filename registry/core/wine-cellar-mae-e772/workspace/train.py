"""Baseline: random ferns."""
import numpy as np

CONFIG = {
    "levels": 4,       # depth of a tree
    "step_size": 0.1,  # size of a step
    "use_rows": 20,    # only the first rows
    "steps": 3,        # number of rounds
}


def predict(X, Y, Q):
    X, Y = X[:CONFIG["use_rows"]], Y[:CONFIG["use_rows"]]
    rng = np.random.default_rng(97)
    F, G = (np.tile(Y.mean(0), (len(Z), 1)) for Z in (X, Q))
    for _ in range(CONFIG["steps"]):
        cols = rng.integers(X.shape[1], size=CONFIG["levels"])
        cut = X[rng.integers(len(X), size=CONFIG["levels"]), cols]
        a, b = ((Z[:, cols] > cut) @ 2 ** np.arange(CONFIG["levels"]) for Z in (X, Q))
        H = (a[:, None] == np.arange(2 ** CONFIG["levels"])) * 1.0
        step = CONFIG["step_size"] * H.T @ (Y - F) / (H.sum(0)[:, None] + 2)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="score", comments="")
