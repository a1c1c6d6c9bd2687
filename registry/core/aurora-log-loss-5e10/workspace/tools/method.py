import numpy as np


def predict(inputs, targets, queries, cfg):
    inputs, queries = inputs[:, :cfg["max_columns"]], queries[:, :cfg["max_columns"]]
    inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    D = (queries ** 2).sum(1)[:, None] - 2 * queries @ inputs.T + (inputs ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :cfg["n_neighbours"]]
    return targets[near].mean(1)
