# random features and ridge
import numpy as np

USE_COLUMNS = 2   # columns used
UNITS = 4         # number of random features
DIGITS = 8        # round to this many digits
RIDGE = 1.0       # strength of the penalty
NORMALISE = True  # bring columns to one scale


def predict(known, target, new):
    known, new = known[:, :USE_COLUMNS], new[:, :USE_COLUMNS]
    if NORMALISE:
        known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    rng = np.random.default_rng(46)
    W = rng.normal(size=(known.shape[1], UNITS)) / known.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=UNITS)
    U, V = np.cos(known @ W + shift), np.cos(new @ W + shift)
    base = target.mean(0)
    coef = np.linalg.solve(U.T @ U + RIDGE * np.eye(UNITS), U.T @ (target - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
F = np.round(F, DIGITS)
np.savetxt("predictions.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
