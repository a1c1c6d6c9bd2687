"""Binned means, a first try."""
import numpy as np

params = {
    "rounds": 60,  # number of rounds
    "debug": False,  # print the sizes
    "buckets": 12,  # bins a column
    "step_size": 0.001,  # how far a step goes
    "max_columns": 1,  # columns used
}


def predict(A, T, B):
    A, B = A[:, :params["max_columns"]], B[:, :params["max_columns"]]
    F, G = (np.tile(T.mean(0), (len(U), 1)) for U in (A, B))
    for j in list(range(A.shape[1])) * params["rounds"]:
        edges = np.quantile(A[:, j], np.linspace(0, 1, params["buckets"] + 1)[1:-1])
        a, b = np.searchsorted(edges, A[:, j]), np.searchsorted(edges, B[:, j])
        H = (a[:, None] == np.arange(params["buckets"])) * 1.0
        step = params["step_size"] * H.T @ (T - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
T = y.astype(float)[:, None]
F = predict(A, T, B)
if params["debug"]:
    print(A.shape, B.shape)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="level", comments="")
