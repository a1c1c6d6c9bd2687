"""Boosted stumps, a first try."""
import numpy as np

class Options:
    n_rounds = 3  # rounds of fitting
    step_rate = 0.1  # size of a step
    column_limit = 2  # only the first columns
    n_cuts = 8  # cut points a column


def predict(X, Y, Q):
    X, Q = X[:, :Options.column_limit], Q[:, :Options.column_limit]
    points = np.quantile(X, np.linspace(0, 1, Options.n_cuts + 2)[1:-1], axis=0)
    U, V = ((Z[:, None] > points).reshape(len(Z), -1) * 1.0 for Z in (X, Q))
    F, G = (np.tile(Y.mean(0), (len(Z), 1)) for Z in (X, Q))
    n = U.sum(0)[:, None]
    for _ in range(Options.n_rounds):
        R = Y - F
        up = U.T @ R / (n + 1)
        low = (R.sum(0) - U.T @ R) / (len(X) - n + 1)
        j = (n * up ** 2 + (len(X) - n) * low ** 2).sum(1).argmax()
        F += Options.step_rate * np.where(U[:, [j]], up[j], low[j])
        G += Options.step_rate * np.where(V[:, [j]], up[j], low[j])
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("result.csv", F, fmt="%s", delimiter=",", header="p_mild,p_severe", comments="")
