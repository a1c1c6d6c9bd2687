"""Baseline: random cosine features."""
import numpy as np

N_UNITS = 60          # number of random features
RIDGE = 20000.0       # strength of the penalty
COLUMN_LIMIT = 1      # only the first columns
SCALE_COLUMNS = True  # bring columns to one scale


def predict(inputs, targets, queries):
    inputs, queries = inputs[:, :COLUMN_LIMIT], queries[:, :COLUMN_LIMIT]
    if SCALE_COLUMNS:
        inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    rng = np.random.default_rng(50)
    W = rng.normal(size=(inputs.shape[1], N_UNITS)) / inputs.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=N_UNITS)
    U, V = np.cos(inputs @ W + shift), np.cos(queries @ W + shift)
    base = targets.mean(0)
    coef = np.linalg.solve(U.T @ U + RIDGE * np.eye(N_UNITS), U.T @ (targets - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
inputs, y, queries = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
np.savetxt("forecast.csv", F[:, 1], fmt="%s", delimiter=",", header="score", comments="")
