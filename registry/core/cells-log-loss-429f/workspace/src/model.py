import numpy as np


def predict(A, T, B, cfg):
    A, B = A[:, :cfg.max_columns], B[:, :cfg.max_columns]
    A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    F = np.zeros((len(B), T.shape[1]))
    for c in range(T.shape[1]):
        Z = A[T[:, c] > 0]
        P = Z[:cfg.clusters].copy()
        for _ in range(10):
            own = ((Z[:, None] - P) ** 2).sum(2).argmin(1)
            P = np.array([Z[own == i].mean(0) if (own == i).any() else P[i] for i in range(len(P))])
        F[:, c] = ((B[:, None] - P) ** 2).sum(2).min(1)
    F = np.exp(2 - 2 * F / (F.min(1, keepdims=True) + 1e-9))
    return F / F.sum(1, keepdims=True)
