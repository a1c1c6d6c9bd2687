import numpy as np


def predict(A, T, B, cfg):
    A, B = A[:, :cfg["use_columns"]], B[:, :cfg["use_columns"]]
    A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    D = (B ** 2).sum(1)[:, None] - 2 * B @ A.T + (A ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :cfg["k"]]
    return T[near].mean(1)
