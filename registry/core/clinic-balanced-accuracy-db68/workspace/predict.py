# least squares with a penalty
import numpy as np

ORDER = 2                 # powers of each column
WEIGHT_PENALTY = 50000.0  # strength of the penalty
CROSS = False             # add products of columns
N_DIGITS = 8              # round to this many digits
COLUMN_LIMIT = 1          # columns used


def predict(inputs, targets, queries):
    inputs, queries = inputs[:, :COLUMN_LIMIT], queries[:, :COLUMN_LIMIT]
    both = np.vstack([inputs, queries])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, ORDER + 1)]
    if CROSS:
        parts += [both[:, [i]] * both[:, i + 1:] for i in range(both.shape[1] - 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(inputs)].mean(0), [len(inputs)])
    base = targets.mean(0)
    W = np.linalg.solve(U.T @ U + WEIGHT_PENALTY * np.eye(U.shape[1]), U.T @ (targets - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
inputs, y, queries = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
F = np.round(F, N_DIGITS)
np.savetxt("result.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="grade", comments="")
