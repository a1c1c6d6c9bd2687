"""Random cosine features, a first try."""
import numpy as np

HIDDEN = 8  # number of random features
SHRINKAGE = 1.0  # strength of the penalty


def predict(X, Y, X_test):
    X, X_test = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, X_test))
    rng = np.random.default_rng(46)
    W = rng.normal(size=(X.shape[1], HIDDEN)) / X.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=HIDDEN)
    U, V = np.cos(X @ W + shift), np.cos(X_test @ W + shift)
    base = Y.mean(0)
    coef = np.linalg.solve(U.T @ U + SHRINKAGE * np.eye(HIDDEN), U.T @ (Y - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="p_dust,p_gas,p_ice", comments="")
