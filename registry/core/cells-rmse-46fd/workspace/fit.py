# ridge regression
import numpy as np

cross = False  # add products of columns
precision = 6  # digits kept
order = 1  # highest power of a column
l2 = 1.0  # penalty on the weights
column_limit = 1  # only the first columns


def predict(X, Y, X_test):
    X, X_test = X[:, :column_limit], X_test[:, :column_limit]
    both = np.vstack([X, X_test])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, order + 1)]
    if cross:
        parts += [both[:, [i]] * both[:, i + 1:] for i in range(both.shape[1] - 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(X)].mean(0), [len(X)])
    base = Y.mean(0)
    W = np.linalg.solve(U.T @ U + l2 * np.eye(U.shape[1]), U.T @ (Y - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, X_test)
F = np.round(F, precision)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="quantity", comments="")
