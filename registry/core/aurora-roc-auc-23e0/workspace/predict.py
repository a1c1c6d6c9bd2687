"""Random cosine features, a first try."""
import numpy as np

N_UNITS = 60  # number of random features
MAX_COLUMNS = 2  # only the first columns
RIDGE = 20000.0  # penalty, larger is flatter
N_DIGITS = 8  # digits kept


def predict(known, target, new):
    known, new = known[:, :MAX_COLUMNS], new[:, :MAX_COLUMNS]
    known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    rng = np.random.default_rng(13)
    W = rng.normal(size=(known.shape[1], N_UNITS)) / known.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=N_UNITS)
    U, V = np.cos(known @ W + shift), np.cos(new @ W + shift)
    base = target.mean(0)
    coef = np.linalg.solve(U.T @ U + RIDGE * np.eye(N_UNITS), U.T @ (target - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
F = np.round(F, N_DIGITS)
np.savetxt("result.csv", F[:, 1], fmt="%s", delimiter=",", header="p_glowing", comments="")
