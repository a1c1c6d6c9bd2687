"""Baseline: a vote of near rows."""
import numpy as np

nearest = 200  # neighbours that vote


def predict(inputs, targets, queries):
    inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    D = (queries ** 2).sum(1)[:, None] - 2 * queries @ inputs.T + (inputs ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :nearest]
    return targets[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
targets = y.astype(float)[:, None]
F = predict(inputs, targets, queries)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="ink", comments="")
