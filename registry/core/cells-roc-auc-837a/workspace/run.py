"""Boosted stumps, a first try."""
import numpy as np

config = {
    "rounds": 2,  # rounds of fitting
    "thresholds": 8,  # thresholds tried a column
    "learning_rate": 0.1,  # size of a step
    "column_limit": 2,  # columns used
}


def predict(known, target, new):
    known, new = known[:, :config["column_limit"]], new[:, :config["column_limit"]]
    points = np.quantile(known, np.linspace(0, 1, config["thresholds"] + 2)[1:-1], axis=0)
    U, V = ((Z[:, None] > points).reshape(len(Z), -1) * 1.0 for Z in (known, new))
    F, G = (np.tile(target.mean(0), (len(Z), 1)) for Z in (known, new))
    n = U.sum(0)[:, None]
    for _ in range(config["rounds"]):
        R = target - F
        up = U.T @ R / (n + 1)
        low = (R.sum(0) - U.T @ R) / (len(known) - n + 1)
        j = (n * up ** 2 + (len(known) - n) * low ** 2).sum(1).argmax()
        F += config["learning_rate"] * np.where(U[:, [j]], up[j], low[j])
        G += config["learning_rate"] * np.where(V[:, [j]], up[j], low[j])
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
np.savetxt("answer.csv", F[:, 1], fmt="%s", delimiter=",", header="p_ill", comments="")
