"""Random features and ridge, a first try."""
import numpy as np

n_units = 60       # random features used
penalty = 20000.0  # strength of the penalty


def predict(inputs, targets, queries):
    inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    rng = np.random.default_rng(54)
    W = rng.normal(size=(inputs.shape[1], n_units)) / inputs.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=n_units)
    U, V = np.cos(inputs @ W + shift), np.cos(queries @ W + shift)
    base = targets.mean(0)
    coef = np.linalg.solve(U.T @ U + penalty * np.eye(n_units), U.T @ (targets - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
targets = y.astype(float)[:, None]
F = predict(inputs, targets, queries)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="fledglings", comments="")
