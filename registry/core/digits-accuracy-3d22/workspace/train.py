"""Ridge regression, a first try."""
import numpy as np

RIDGE = 20000.0  # penalty on the weights
MAX_COLUMNS = 2  # only the first columns
ORDER = 1  # highest power of a column


def predict(X, Y, Q):
    X, Q = X[:, :MAX_COLUMNS], Q[:, :MAX_COLUMNS]
    both = np.vstack([X, Q])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, ORDER + 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(X)].mean(0), [len(X)])
    base = Y.mean(0)
    W = np.linalg.solve(U.T @ U + RIDGE * np.eye(U.shape[1]), U.T @ (Y - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q)
np.savetxt("out.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="kind", comments="")
