"""Baseline: boosted stumps."""
import numpy as np

thresholds = 8  # thresholds tried a column
max_rows = 40  # training rows used
steps = 1  # number of rounds
rate = 0.1  # how far a step goes


def predict(X, Y, Q):
    X, Y = X[:max_rows], Y[:max_rows]
    points = np.quantile(X, np.linspace(0, 1, thresholds + 2)[1:-1], axis=0)
    U, V = ((Z[:, None] > points).reshape(len(Z), -1) * 1.0 for Z in (X, Q))
    F, G = (np.tile(Y.mean(0), (len(Z), 1)) for Z in (X, Q))
    n = U.sum(0)[:, None]
    for _ in range(steps):
        R = Y - F
        up = U.T @ R / (n + 1)
        low = (R.sum(0) - U.T @ R) / (len(X) - n + 1)
        j = (n * up ** 2 + (len(X) - n) * low ** 2).sum(1).argmax()
        F += rate * np.where(U[:, [j]], up[j], low[j])
        G += rate * np.where(V[:, [j]], up[j], low[j])
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="nitrogen", comments="")
