# least squares with a penalty
import numpy as np

MAX_COLUMNS = 1
SHRINKAGE = 3.0
POWERS = 1
CROSS = False


def predict(X, Y, X_test):
    X, X_test = X[:, :MAX_COLUMNS], X_test[:, :MAX_COLUMNS]
    both = np.vstack([X, X_test])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, POWERS + 1)]
    if CROSS:
        parts += [both[:, [i]] * both[:, i + 1:] for i in range(both.shape[1] - 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(X)].mean(0), [len(X)])
    base = Y.mean(0)
    W = np.linalg.solve(U.T @ U + SHRINKAGE * np.eye(U.shape[1]), U.T @ (Y - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, X_test)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="level", comments="")
