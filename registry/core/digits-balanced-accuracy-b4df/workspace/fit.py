"""Baseline: random cosine features."""
import numpy as np

config = {
    "l2": 20000.0,  # strength of the penalty
    "width": 0.25,  # how far a point reaches
    "units": 4,  # number of random features
}


def predict(known, target, new):
    known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    rng = np.random.default_rng(72)
    W = rng.normal(size=(known.shape[1], config["units"])) / (config["width"] * known.shape[1] ** 0.5)
    shift = rng.uniform(0, 6.28, size=config["units"])
    U, V = np.cos(known @ W + shift), np.cos(new @ W + shift)
    base = target.mean(0)
    coef = np.linalg.solve(U.T @ U + config["l2"] * np.eye(config["units"]), U.T @ (target - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
np.savetxt("predictions.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
