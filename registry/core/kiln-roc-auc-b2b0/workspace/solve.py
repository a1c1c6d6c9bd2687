"""A kernel smoother, a first try."""
import numpy as np

class Setup:
    rescale = False  # same scale for all columns
    n_digits = 8     # digits kept
    radius = 0.25    # how far a point reaches


def predict(A, T, B):
    if Setup.rescale:
        A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    D = (B ** 2).sum(1)[:, None] - 2 * B @ A.T + (A ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * A.shape[1] * Setup.radius ** 2))
    return (K @ T + 1e-9 * T.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
F = np.round(F, Setup.n_digits)
np.savetxt("forecast.csv", F[:, 1], fmt="%s", delimiter=",", header="p_whole", comments="")
