"""Nearest neighbours, a first try."""
import numpy as np

nearest = 200    # how many neighbours count
max_columns = 2  # columns used
verbose = False  # print the sizes


def predict(X, Y, Q):
    X, Q = X[:, :max_columns], Q[:, :max_columns]
    X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    D = (Q ** 2).sum(1)[:, None] - 2 * Q @ X.T + (X ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :nearest]
    return Y[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
if verbose:
    print(X.shape, Q.shape)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="level", comments="")
