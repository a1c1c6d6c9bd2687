# boosted stumps
import numpy as np

knobs = {
    "rounds": 1,  # number of rounds
    "learning_rate": 0.1,  # how far a step goes
    "cuts": 1,  # thresholds tried a column
    "impute": False,  # fill gaps with means, not 0
    "use_log": False,  # fit the log of the target
}


def predict(inputs, targets, queries):
    gap = np.nanmean(inputs, 0) if knobs["impute"] else 0.0
    inputs, queries = (np.where(np.isnan(Z), gap, Z) for Z in (inputs, queries))
    points = np.quantile(inputs, np.linspace(0, 1, knobs["cuts"] + 2)[1:-1], axis=0)
    U, V = ((Z[:, None] > points).reshape(len(Z), -1) * 1.0 for Z in (inputs, queries))
    F, G = (np.tile(targets.mean(0), (len(Z), 1)) for Z in (inputs, queries))
    n = U.sum(0)[:, None]
    for _ in range(knobs["rounds"]):
        R = targets - F
        up = U.T @ R / (n + 1)
        low = (R.sum(0) - U.T @ R) / (len(inputs) - n + 1)
        j = (n * up ** 2 + (len(inputs) - n) * low ** 2).sum(1).argmax()
        F += knobs["learning_rate"] * np.where(U[:, [j]], up[j], low[j])
        G += knobs["learning_rate"] * np.where(V[:, [j]], up[j], low[j])
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
targets = y.astype(float)[:, None]
if knobs["use_log"]:
    targets = np.log1p(targets)
F = predict(inputs, targets, queries)
if knobs["use_log"]:
    F = np.expm1(F)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="fruit_kg", comments="")
