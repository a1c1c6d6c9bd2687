# binned means
import numpy as np

DIGITS = 6  # round to this many digits
STAGES = 2  # number of rounds
LEARNING_RATE = 0.1  # size of a step
BINS = 2  # number of bins


def predict(X, Y, Q):
    F, G = (np.tile(Y.mean(0), (len(U), 1)) for U in (X, Q))
    for j in list(range(X.shape[1])) * STAGES:
        edges = np.quantile(X[:, j], np.linspace(0, 1, BINS + 1)[1:-1])
        a, b = np.searchsorted(edges, X[:, j]), np.searchsorted(edges, Q[:, j])
        H = (a[:, None] == np.arange(BINS)) * 1.0
        step = LEARNING_RATE * H.T @ (Y - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
F = np.round(F, DIGITS)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="nitrogen", comments="")
