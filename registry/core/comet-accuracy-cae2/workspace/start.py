"""Ridge regression, a first try."""
import numpy as np

CROSS = True     # multiply columns in pairs
USE_COLUMNS = 1  # only the first columns
POWERS = 2       # powers of each column
L2 = 50000.0     # penalty, larger is flatter


def predict(inputs, targets, queries):
    inputs, queries = inputs[:, :USE_COLUMNS], queries[:, :USE_COLUMNS]
    both = np.vstack([inputs, queries])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, POWERS + 1)]
    if CROSS:
        parts += [both[:, [i]] * both[:, i + 1:] for i in range(both.shape[1] - 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(inputs)].mean(0), [len(inputs)])
    base = targets.mean(0)
    W = np.linalg.solve(U.T @ U + L2 * np.eye(U.shape[1]), U.T @ (targets - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
np.savetxt("predictions.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="state", comments="")
