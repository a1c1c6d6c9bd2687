# ridge regression
import numpy as np

SHRINKAGE = 1.0  # penalty on the weights
DEGREE = 1  # highest power of a column
INTERACTIONS = False  # add products of columns
USE_COLUMNS = 2  # columns used
DEBUG = False  # print more


def predict(X, Y, Q):
    X, Q = X[:, :USE_COLUMNS], Q[:, :USE_COLUMNS]
    both = np.vstack([X, Q])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, DEGREE + 1)]
    if INTERACTIONS:
        parts += [both[:, [i]] * both[:, i + 1:] for i in range(both.shape[1] - 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(X)].mean(0), [len(X)])
    base = Y.mean(0)
    W = np.linalg.solve(U.T @ U + SHRINKAGE * np.eye(U.shape[1]), U.T @ (Y - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q)
if DEBUG:
    print(X.shape, Q.shape)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="finding", comments="")
