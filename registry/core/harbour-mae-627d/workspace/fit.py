# least squares with a penalty
import numpy as np

FILL_MEANS = False  # fill gaps with means, not 0
PRODUCTS = False    # add products of columns
RIDGE = 3.0         # penalty, larger is flatter
POWERS = 1          # powers of each column
DECIMALS = 6        # round to this many digits


def predict(known, target, new):
    gap = np.nanmean(known, 0) if FILL_MEANS else 0.0
    known, new = (np.where(np.isnan(Z), gap, Z) for Z in (known, new))
    both = np.vstack([known, new])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, POWERS + 1)]
    if PRODUCTS:
        parts += [both[:, [i]] * both[:, i + 1:] for i in range(both.shape[1] - 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(known)].mean(0), [len(known)])
    base = target.mean(0)
    W = np.linalg.solve(U.T @ U + RIDGE * np.eye(U.shape[1]), U.T @ (target - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
known, y, new = train[:, 1:].astype(float), train[:, 0], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new)
F = np.round(F, DECIMALS)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="delay_h", comments="")
