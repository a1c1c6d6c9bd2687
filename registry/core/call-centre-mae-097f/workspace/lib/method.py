import numpy as np


def predict(known, target, new, cfg):
    if cfg["standardise"]:
        known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    D = (new ** 2).sum(1)[:, None] - 2 * new @ known.T + (known ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :cfg["nearest"]]
    return target[near].mean(1)
