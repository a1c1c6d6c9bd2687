"""Baseline: a kernel smoother."""
import numpy as np

config = {
    "radius": 30.0,    # how far a point reaches
    "use_columns": 2,  # only the first columns
}


def predict(A, T, B):
    A, B = A[:, :config["use_columns"]], B[:, :config["use_columns"]]
    A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    D = (B ** 2).sum(1)[:, None] - 2 * B @ A.T + (A ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * A.shape[1] * config["radius"] ** 2))
    return (K @ T + 1e-9 * T.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
T = y.astype(float)[:, None]
F = predict(A, T, B)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="measure", comments="")
