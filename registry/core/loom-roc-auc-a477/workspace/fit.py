# a kernel smoother
import numpy as np

COLUMN_LIMIT = 1  # only the first columns
RADIUS = 0.25  # width of the kernel
NORMALISE = False  # same scale for all columns


def predict(A, T, B):
    A, B = A[:, :COLUMN_LIMIT], B[:, :COLUMN_LIMIT]
    if NORMALISE:
        A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    D = (B ** 2).sum(1)[:, None] - 2 * B @ A.T + (A ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * A.shape[1] * RADIUS ** 2))
    return (K @ T + 1e-9 * T.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
A, y, B = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
np.savetxt("predictions.csv", F[:, 1], fmt="%s", delimiter=",", header="p_sound", comments="")
