# a weighted mean of near rows
import numpy as np
import params as cfg


def predict(A, T, B):
    A, B = A[:, :cfg.column_limit], B[:, :cfg.column_limit]
    if cfg.scale:
        A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    D = (B ** 2).sum(1)[:, None] - 2 * B @ A.T + (A ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * A.shape[1] * cfg.radius ** 2))
    return (K @ T + 1e-9 * T.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
A, y, B = train[:, 1:].astype(float), train[:, 0], test.astype(float)
T = y.astype(float)[:, None]
F = predict(A, T, B)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="quantity", comments="")
