"""Baseline: a sum of step curves."""
import numpy as np

class Setup:
    n_bins = 2  # number of bins
    learning_rate = 0.1  # size of a step
    rounds = 3  # rounds of fitting


def predict(X, Y, X_test):
    F, G = (np.tile(Y.mean(0), (len(U), 1)) for U in (X, X_test))
    for j in list(range(X.shape[1])) * Setup.rounds:
        edges = np.quantile(X[:, j], np.linspace(0, 1, Setup.n_bins + 1)[1:-1])
        a, b = np.searchsorted(edges, X[:, j]), np.searchsorted(edges, X_test[:, j])
        H = (a[:, None] == np.arange(Setup.n_bins)) * 1.0
        step = Setup.learning_rate * H.T @ (Y - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
X, y, X_test = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test)
np.savetxt("forecast.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="status", comments="")
