import numpy as np


def predict(inputs, targets, queries, cfg):
    if cfg.rescale:
        inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    D = (queries ** 2).sum(1)[:, None] - 2 * queries @ inputs.T + (inputs ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * inputs.shape[1] * cfg.radius ** 2))
    return (K @ targets + 1e-9 * targets.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)
