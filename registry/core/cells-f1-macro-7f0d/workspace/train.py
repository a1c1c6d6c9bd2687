"""Baseline: ridge regression."""
import numpy as np

config = {
    "order": 1,  # highest power of a column
    "max_columns": 2,  # columns used
    "ridge": 50000.0,  # strength of the penalty
}


def predict(inputs, targets, queries):
    inputs, queries = inputs[:, :config["max_columns"]], queries[:, :config["max_columns"]]
    both = np.vstack([inputs, queries])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, config["order"] + 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(inputs)].mean(0), [len(inputs)])
    base = targets.mean(0)
    W = np.linalg.solve(U.T @ U + config["ridge"] * np.eye(U.shape[1]), U.T @ (targets - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
inputs, y, queries = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
np.savetxt("answer.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="finding", comments="")
