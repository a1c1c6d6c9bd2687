"""Baseline: nearest centres."""
import numpy as np

config = {
    "centres": 1,  # centres a class
    "digits": 8,   # digits kept
}


def predict(known, target, new):
    known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    F = np.zeros((len(new), target.shape[1]))
    for c in range(target.shape[1]):
        Z = known[target[:, c] > 0]
        P = Z[:config["centres"]].copy()
        for _ in range(10):
            own = ((Z[:, None] - P) ** 2).sum(2).argmin(1)
            P = np.array([Z[own == i].mean(0) if (own == i).any() else P[i] for i in range(len(P))])
        F[:, c] = ((new[:, None] - P) ** 2).sum(2).min(1)
    F = np.exp(2 - 2 * F / (F.min(1, keepdims=True) + 1e-9))
    return F / F.sum(1, keepdims=True)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
known, y, new = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
F = np.round(F, config["digits"])
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="p_d0,p_d1,p_d2,p_d3,p_d4,p_d5,p_d6,p_d7,p_d8,p_d9", comments="")
