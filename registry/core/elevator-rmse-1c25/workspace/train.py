# random cosine features
import numpy as np

n_features = 60  # number of random features
rescale = False  # same scale for all columns
penalty = 3.0  # penalty, larger is flatter


def predict(X, Y, X_test):
    if rescale:
        X, X_test = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, X_test))
    rng = np.random.default_rng(80)
    W = rng.normal(size=(X.shape[1], n_features)) / X.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=n_features)
    U, V = np.cos(X @ W + shift), np.cos(X_test @ W + shift)
    base = Y.mean(0)
    coef = np.linalg.solve(U.T @ U + penalty * np.eye(n_features), U.T @ (Y - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
X, y, X_test = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, X_test)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="wait_s", comments="")
