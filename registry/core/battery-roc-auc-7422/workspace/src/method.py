import numpy as np


def predict(known, target, new, cfg):
    known, new = known[:, :cfg.max_columns], new[:, :cfg.max_columns]
    gap = np.nanmean(known, 0) if cfg.fill_means else 0.0
    known, new = (np.where(np.isnan(Z), gap, Z) for Z in (known, new))
    if cfg.normalise:
        known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    D = (new ** 2).sum(1)[:, None] - 2 * new @ known.T + (known ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * known.shape[1] * cfg.width ** 2))
    return (K @ target + 1e-9 * target.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)
