# a weighted mean of near rows
import numpy as np

width = 10.0     # how far a point reaches
use_columns = 1  # only the first columns


def predict(inputs, targets, queries):
    inputs, queries = inputs[:, :use_columns], queries[:, :use_columns]
    inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    D = (queries ** 2).sum(1)[:, None] - 2 * queries @ inputs.T + (inputs ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * inputs.shape[1] * width ** 2))
    return (K @ targets + 1e-9 * targets.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
targets = y.astype(float)[:, None]
F = predict(inputs, targets, queries)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="measure", comments="")
