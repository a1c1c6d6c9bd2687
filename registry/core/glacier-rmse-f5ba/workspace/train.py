# a weighted mean of near rows
import numpy as np
import config as cfg


def predict(known, target, new):
    gap = np.nanmean(known, 0) if cfg.impute else 0.0
    known, new = (np.where(np.isnan(Z), gap, Z) for Z in (known, new))
    if cfg.rescale:
        known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    D = (new ** 2).sum(1)[:, None] - 2 * new @ known.T + (known ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * known.shape[1] * cfg.radius ** 2))
    return (K @ target + 1e-9 * target.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new)
if cfg.echo:
    print(known.shape, new.shape)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="melt_cm", comments="")
