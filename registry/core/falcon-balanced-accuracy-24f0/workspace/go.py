"""Baseline: a sum of step curves."""
import numpy as np

class Setup:
    buckets = 12  # number of bins
    n_rounds = 60  # rounds of fitting
    step_rate = 0.0005  # how far a step goes
    n_columns = 2  # columns used


def predict(X, Y, X_test):
    X, X_test = X[:, :Setup.n_columns], X_test[:, :Setup.n_columns]
    F, G = (np.tile(Y.mean(0), (len(U), 1)) for U in (X, X_test))
    for j in list(range(X.shape[1])) * Setup.n_rounds:
        edges = np.quantile(X[:, j], np.linspace(0, 1, Setup.buckets + 1)[1:-1])
        a, b = np.searchsorted(edges, X[:, j]), np.searchsorted(edges, X_test[:, j])
        H = (a[:, None] == np.arange(Setup.buckets)) * 1.0
        step = Setup.step_rate * H.T @ (Y - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
X, y, X_test = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test)
np.savetxt("forecast.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="status", comments="")
