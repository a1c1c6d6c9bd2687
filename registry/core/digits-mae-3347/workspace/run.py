"""A weighted mean of near rows, a first try."""
import numpy as np

VERBOSE = False  # print the sizes
BANDWIDTH = 30.0  # width of the kernel
USE_COLUMNS = 2  # columns used


def predict(known, target, new):
    known, new = known[:, :USE_COLUMNS], new[:, :USE_COLUMNS]
    known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    D = (new ** 2).sum(1)[:, None] - 2 * new @ known.T + (known ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * known.shape[1] * BANDWIDTH ** 2))
    return (K @ target + 1e-9 * target.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new)
if VERBOSE:
    print(known.shape, new.shape)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="ink", comments="")
