"""A sum of step curves, a first try."""
import numpy as np

step_size = 0.001
rounds = 60
buckets = 12
max_columns = 1


def predict(A, T, B):
    A, B = A[:, :max_columns], B[:, :max_columns]
    F, G = (np.tile(T.mean(0), (len(U), 1)) for U in (A, B))
    for j in list(range(A.shape[1])) * rounds:
        edges = np.quantile(A[:, j], np.linspace(0, 1, buckets + 1)[1:-1])
        a, b = np.searchsorted(edges, A[:, j]), np.searchsorted(edges, B[:, j])
        H = (a[:, None] == np.arange(buckets)) * 1.0
        step = step_size * H.T @ (T - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
A, y, B = train[:, 1:].astype(float), train[:, 0], test.astype(float)
T = y.astype(float)[:, None]
F = predict(A, T, B)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="measure", comments="")
