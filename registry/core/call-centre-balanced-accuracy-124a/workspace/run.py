"""Random features and ridge, a first try."""
import numpy as np

PENALTY = 1.0  # strength of the penalty
N_FEATURES = 8  # random features used
BALANCE = False  # make up for rare classes


def predict(X, Y, X_test):
    X, X_test = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, X_test))
    rng = np.random.default_rng(16)
    W = rng.normal(size=(X.shape[1], N_FEATURES)) / X.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=N_FEATURES)
    U, V = np.cos(X @ W + shift), np.cos(X_test @ W + shift)
    base = Y.mean(0)
    coef = np.linalg.solve(U.T @ U + PENALTY * np.eye(N_FEATURES), U.T @ (Y - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test)
if BALANCE:
    F = F / Y.mean(0)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="status", comments="")
