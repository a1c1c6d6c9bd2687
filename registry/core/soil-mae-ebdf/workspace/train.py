"""Boosted stumps, a first try."""
import numpy as np

LOG_TARGET = False  # fit the log of the target
CUTS = 8  # thresholds tried a column
STAGES = 2  # rounds of fitting
RATE = 0.1  # how far a step goes


def predict(A, T, B):
    points = np.quantile(A, np.linspace(0, 1, CUTS + 2)[1:-1], axis=0)
    U, V = ((Z[:, None] > points).reshape(len(Z), -1) * 1.0 for Z in (A, B))
    F, G = (np.tile(T.mean(0), (len(Z), 1)) for Z in (A, B))
    n = U.sum(0)[:, None]
    for _ in range(STAGES):
        R = T - F
        up = U.T @ R / (n + 1)
        low = (R.sum(0) - U.T @ R) / (len(A) - n + 1)
        j = (n * up ** 2 + (len(A) - n) * low ** 2).sum(1).argmax()
        F += RATE * np.where(U[:, [j]], up[j], low[j])
        G += RATE * np.where(V[:, [j]], up[j], low[j])
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
A, y, B = train[:, 1:].astype(float), train[:, 0], test.astype(float)
T = y.astype(float)[:, None]
if LOG_TARGET:
    T = np.log1p(T)
F = predict(A, T, B)
if LOG_TARGET:
    F = np.expm1(F)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="nitrogen", comments="")
