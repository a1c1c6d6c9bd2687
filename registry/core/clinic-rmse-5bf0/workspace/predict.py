# least squares with a penalty
import numpy as np

class Setup:
    cross = True  # add products of columns
    column_limit = 2  # only the first columns
    powers = 2  # highest power of a column
    weight_penalty = 50000.0  # penalty, larger is flatter


def predict(known, target, new):
    known, new = known[:, :Setup.column_limit], new[:, :Setup.column_limit]
    both = np.vstack([known, new])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, Setup.powers + 1)]
    if Setup.cross:
        parts += [both[:, [i]] * both[:, i + 1:] for i in range(both.shape[1] - 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(known)].mean(0), [len(known)])
    base = target.mean(0)
    W = np.linalg.solve(U.T @ U + Setup.weight_penalty * np.eye(U.shape[1]), U.T @ (target - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="outcome", comments="")
