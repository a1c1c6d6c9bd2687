"""Random cosine features, a first try."""
import numpy as np

N_DIGITS = 6  # round to this many digits
WEIGHT_PENALTY = 3.0  # strength of the penalty
SCALE_COLUMNS = True  # same scale for all columns
HIDDEN = 8  # number of random features


def predict(X, Y, Q):
    if SCALE_COLUMNS:
        X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    rng = np.random.default_rng(74)
    W = rng.normal(size=(X.shape[1], HIDDEN)) / X.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=HIDDEN)
    U, V = np.cos(X @ W + shift), np.cos(Q @ W + shift)
    base = Y.mean(0)
    coef = np.linalg.solve(U.T @ U + WEIGHT_PENALTY * np.eye(HIDDEN), U.T @ (Y - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q)
F = np.round(F, N_DIGITS)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("result.csv", F, fmt="%s", delimiter=",", header="p_amber,p_green,p_red", comments="")
