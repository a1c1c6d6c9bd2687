# a kernel smoother
import numpy as np

width = 0.15  # width of the kernel
standardise = False  # bring columns to one scale


def predict(X, Y, Q):
    if standardise:
        X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    D = (Q ** 2).sum(1)[:, None] - 2 * Q @ X.T + (X ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * X.shape[1] * width ** 2))
    return (K @ Y + 1e-9 * Y.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="ink", comments="")
