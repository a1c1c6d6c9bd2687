"""Baseline: boosted stumps."""
import numpy as np

column_limit = 2  # only the first columns
stages = 3  # number of rounds
cuts = 1  # thresholds tried a column
rate = 0.1  # size of a step
verbose = False  # print more


def predict(known, target, new):
    known, new = known[:, :column_limit], new[:, :column_limit]
    points = np.quantile(known, np.linspace(0, 1, cuts + 2)[1:-1], axis=0)
    U, V = ((Z[:, None] > points).reshape(len(Z), -1) * 1.0 for Z in (known, new))
    F, G = (np.tile(target.mean(0), (len(Z), 1)) for Z in (known, new))
    n = U.sum(0)[:, None]
    for _ in range(stages):
        R = target - F
        up = U.T @ R / (n + 1)
        low = (R.sum(0) - U.T @ R) / (len(known) - n + 1)
        j = (n * up ** 2 + (len(known) - n) * low ** 2).sum(1).argmax()
        F += rate * np.where(U[:, [j]], up[j], low[j])
        G += rate * np.where(V[:, [j]], up[j], low[j])
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
known, y, new = train[:, 1:].astype(float), train[:, 0], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new)
if verbose:
    print(known.shape, new.shape)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="nitrogen", comments="")
