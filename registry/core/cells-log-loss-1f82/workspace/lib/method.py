import numpy as np


def predict(A, T, B, cfg):
    A, B = A[:, :cfg.use_columns], B[:, :cfg.use_columns]
    both = np.vstack([A, B])
    A, B = np.split((both - both.mean(0)) / (both.std(0) + 1e-9), [len(A)])
    F = np.zeros((len(B), T.shape[1]))
    for c in range(T.shape[1]):
        Z = A[T[:, c] > 0]
        var = Z.var(0) + cfg.smoothing
        F[:, c] = np.log(len(Z)) - ((B - Z.mean(0)) ** 2 / var + np.log(var)).sum(1) / 2
    F = np.exp(F - F.max(1, keepdims=True))
    return F / F.sum(1, keepdims=True)
