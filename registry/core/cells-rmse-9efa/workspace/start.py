"""Baseline: binned means."""
import numpy as np

buckets = 12  # number of bins
rounds = 60  # rounds of fitting
column_limit = 2  # only the first columns
verbose = False  # print the sizes
step_size = 0.0005  # how far a step goes


def predict(X, Y, Q):
    X, Q = X[:, :column_limit], Q[:, :column_limit]
    F, G = (np.tile(Y.mean(0), (len(U), 1)) for U in (X, Q))
    for j in list(range(X.shape[1])) * rounds:
        edges = np.quantile(X[:, j], np.linspace(0, 1, buckets + 1)[1:-1])
        a, b = np.searchsorted(edges, X[:, j]), np.searchsorted(edges, Q[:, j])
        H = (a[:, None] == np.arange(buckets)) * 1.0
        step = step_size * H.T @ (Y - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
if verbose:
    print(X.shape, Q.shape)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="measure", comments="")
