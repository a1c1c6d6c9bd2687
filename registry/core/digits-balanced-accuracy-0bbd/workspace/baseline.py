"""Baseline: least squares with a penalty."""
import numpy as np

powers = 2  # powers of each column
column_limit = 2  # columns used
interactions = False  # multiply columns in pairs
penalty = 20000.0  # penalty, larger is flatter


def predict(known, target, new):
    known, new = known[:, :column_limit], new[:, :column_limit]
    both = np.vstack([known, new])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, powers + 1)]
    if interactions:
        parts += [both[:, [i]] * both[:, i + 1:] for i in range(both.shape[1] - 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(known)].mean(0), [len(known)])
    base = target.mean(0)
    W = np.linalg.solve(U.T @ U + penalty * np.eye(U.shape[1]), U.T @ (target - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
