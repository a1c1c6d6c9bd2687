# binned means
import numpy as np

knobs = {
    "step_size": 0.1,  # how far a step goes
    "n_bins": 2,  # bins a column
    "rounds": 2,  # rounds of fitting
}


def predict(A, T, B):
    F, G = (np.tile(T.mean(0), (len(U), 1)) for U in (A, B))
    for j in list(range(A.shape[1])) * knobs["rounds"]:
        edges = np.quantile(A[:, j], np.linspace(0, 1, knobs["n_bins"] + 1)[1:-1])
        a, b = np.searchsorted(edges, A[:, j]), np.searchsorted(edges, B[:, j])
        H = (a[:, None] == np.arange(knobs["n_bins"])) * 1.0
        step = knobs["step_size"] * H.T @ (T - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
T = y.astype(float)[:, None]
F = predict(A, T, B)
np.savetxt("result.csv", F, fmt="%s", delimiter=",", header="shrinkage", comments="")
