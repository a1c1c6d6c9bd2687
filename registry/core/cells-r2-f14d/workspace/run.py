# least squares with a penalty
import numpy as np

params = {
    "ridge": 100000.0,  # penalty on the weights
    "degree": 1,  # highest power of a column
}


def predict(X, Y, X_test):
    both = np.vstack([X, X_test])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, params["degree"] + 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(X)].mean(0), [len(X)])
    base = Y.mean(0)
    W = np.linalg.solve(U.T @ U + params["ridge"] * np.eye(U.shape[1]), U.T @ (Y - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, X_test = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, X_test)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="quantity", comments="")
