"""Baseline: a kernel smoother."""
import numpy as np

class Options:
    standardise = True  # same scale for all columns
    n_rows = 40         # only the first rows
    width = 10.0        # width of the kernel
    debug = False       # print more


def predict(inputs, targets, queries):
    inputs, targets = inputs[:Options.n_rows], targets[:Options.n_rows]
    if Options.standardise:
        inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    D = (queries ** 2).sum(1)[:, None] - 2 * queries @ inputs.T + (inputs ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * inputs.shape[1] * Options.width ** 2))
    return (K @ targets + 1e-9 * targets.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
targets = y.astype(float)[:, None]
F = predict(inputs, targets, queries)
if Options.debug:
    print(inputs.shape, queries.shape)
np.savetxt("forecast.csv", F, fmt="%s", delimiter=",", header="loans", comments="")
