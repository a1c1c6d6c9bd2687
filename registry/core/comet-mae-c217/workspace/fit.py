"""Boosted stumps, a first try."""
import numpy as np

RATE = 0.0005  # how far a step goes
CUTS = 8  # thresholds tried a column
LOG_TARGET = False  # fit the log of the target
STEPS = 60  # number of rounds


def predict(known, target, new):
    points = np.quantile(known, np.linspace(0, 1, CUTS + 2)[1:-1], axis=0)
    U, V = ((Z[:, None] > points).reshape(len(Z), -1) * 1.0 for Z in (known, new))
    F, G = (np.tile(target.mean(0), (len(Z), 1)) for Z in (known, new))
    n = U.sum(0)[:, None]
    for _ in range(STEPS):
        R = target - F
        up = U.T @ R / (n + 1)
        low = (R.sum(0) - U.T @ R) / (len(known) - n + 1)
        j = (n * up ** 2 + (len(known) - n) * low ** 2).sum(1).argmax()
        F += RATE * np.where(U[:, [j]], up[j], low[j])
        G += RATE * np.where(V[:, [j]], up[j], low[j])
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
target = y.astype(float)[:, None]
if LOG_TARGET:
    target = np.log1p(target)
F = predict(known, target, new)
if LOG_TARGET:
    F = np.expm1(F)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="magnitude", comments="")
