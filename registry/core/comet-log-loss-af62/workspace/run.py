"""Ridge regression, a first try."""
import numpy as np

cross = False  # add products of columns
order = 1  # highest power of a column
shrinkage = 3.0  # penalty on the weights


def predict(inputs, targets, queries):
    both = np.vstack([inputs, queries])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, order + 1)]
    if cross:
        parts += [both[:, [i]] * both[:, i + 1:] for i in range(both.shape[1] - 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(inputs)].mean(0), [len(inputs)])
    base = targets.mean(0)
    W = np.linalg.solve(U.T @ U + shrinkage * np.eye(U.shape[1]), U.T @ (targets - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="p_dust,p_gas,p_ice", comments="")
