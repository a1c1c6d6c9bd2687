"""Baseline: a vote of near rows."""
import numpy as np

k = 300          # neighbours that vote
use_columns = 1  # columns used


def predict(A, T, B):
    A, B = A[:, :use_columns], B[:, :use_columns]
    A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    D = (B ** 2).sum(1)[:, None] - 2 * B @ A.T + (A ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :k]
    return T[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
T = y.astype(float)[:, None]
F = predict(A, T, B)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="melt_cm", comments="")
