"""Baseline: boosted stumps."""
import numpy as np

params = {
    "impute": False,  # fill gaps with means, not 0
    "thresholds": 1,  # thresholds tried a column
    "rate": 0.1,      # size of a step
    "rounds": 2,      # rounds of fitting
}


def predict(known, target, new):
    gap = np.nanmean(known, 0) if params["impute"] else 0.0
    known, new = (np.where(np.isnan(Z), gap, Z) for Z in (known, new))
    points = np.quantile(known, np.linspace(0, 1, params["thresholds"] + 2)[1:-1], axis=0)
    U, V = ((Z[:, None] > points).reshape(len(Z), -1) * 1.0 for Z in (known, new))
    F, G = (np.tile(target.mean(0), (len(Z), 1)) for Z in (known, new))
    n = U.sum(0)[:, None]
    for _ in range(params["rounds"]):
        R = target - F
        up = U.T @ R / (n + 1)
        low = (R.sum(0) - U.T @ R) / (len(known) - n + 1)
        j = (n * up ** 2 + (len(known) - n) * low ** 2).sum(1).argmax()
        F += params["rate"] * np.where(U[:, [j]], up[j], low[j])
        G += params["rate"] * np.where(V[:, [j]], up[j], low[j])
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="p_angry,p_content", comments="")
