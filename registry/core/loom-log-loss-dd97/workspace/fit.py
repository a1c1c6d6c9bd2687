# random features and ridge
import numpy as np

decimals = 8  # round to this many digits
n_features = 60  # random features used
shrinkage = 100000.0  # strength of the penalty


def predict(known, target, new):
    known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    rng = np.random.default_rng(89)
    W = rng.normal(size=(known.shape[1], n_features)) / known.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=n_features)
    U, V = np.cos(known @ W + shift), np.cos(new @ W + shift)
    base = target.mean(0)
    coef = np.linalg.solve(U.T @ U + shrinkage * np.eye(n_features), U.T @ (target - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
F = np.round(F, decimals)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="p_first,p_second", comments="")
