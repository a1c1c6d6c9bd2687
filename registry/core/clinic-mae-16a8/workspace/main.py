"""Baseline: boosted stumps."""
import numpy as np

use_columns = 1  # columns used
decimals = 8     # round to this many digits
step_rate = 0.1  # how far a step goes
n_cuts = 8       # cut points a column
rounds = 2       # number of rounds


def predict(known, target, new):
    known, new = known[:, :use_columns], new[:, :use_columns]
    points = np.quantile(known, np.linspace(0, 1, n_cuts + 2)[1:-1], axis=0)
    U, V = ((Z[:, None] > points).reshape(len(Z), -1) * 1.0 for Z in (known, new))
    F, G = (np.tile(target.mean(0), (len(Z), 1)) for Z in (known, new))
    n = U.sum(0)[:, None]
    for _ in range(rounds):
        R = target - F
        up = U.T @ R / (n + 1)
        low = (R.sum(0) - U.T @ R) / (len(known) - n + 1)
        j = (n * up ** 2 + (len(known) - n) * low ** 2).sum(1).argmax()
        F += step_rate * np.where(U[:, [j]], up[j], low[j])
        G += step_rate * np.where(V[:, [j]], up[j], low[j])
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new)
F = np.round(F, decimals)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="index", comments="")
