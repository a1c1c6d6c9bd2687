"""A sum of step curves, a first try."""
import numpy as np

ROUNDS = 60  # rounds of fitting
BUCKETS = 12  # bins a column
DEBUG = False  # print the sizes
LEARNING_RATE = 0.001  # how far a step goes
USE_LOG = False  # work on log counts


def predict(X, Y, Q):
    F, G = (np.tile(Y.mean(0), (len(U), 1)) for U in (X, Q))
    for j in list(range(X.shape[1])) * ROUNDS:
        edges = np.quantile(X[:, j], np.linspace(0, 1, BUCKETS + 1)[1:-1])
        a, b = np.searchsorted(edges, X[:, j]), np.searchsorted(edges, Q[:, j])
        H = (a[:, None] == np.arange(BUCKETS)) * 1.0
        step = LEARNING_RATE * H.T @ (Y - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
if USE_LOG:
    Y = np.log1p(Y)
F = predict(X, Y, Q)
if USE_LOG:
    F = np.expm1(F)
if DEBUG:
    print(X.shape, Q.shape)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="listeners", comments="")
