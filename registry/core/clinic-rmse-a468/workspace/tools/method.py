import numpy as np


def predict(inputs, targets, queries, cfg):
    inputs, queries = inputs[:, :cfg.max_columns], queries[:, :cfg.max_columns]
    F, G = (np.tile(targets.mean(0), (len(U), 1)) for U in (inputs, queries))
    for j in list(range(inputs.shape[1])) * cfg.n_rounds:
        edges = np.quantile(inputs[:, j], np.linspace(0, 1, cfg.bins + 1)[1:-1])
        a, b = np.searchsorted(edges, inputs[:, j]), np.searchsorted(edges, queries[:, j])
        H = (a[:, None] == np.arange(cfg.bins)) * 1.0
        step = cfg.step_size * H.T @ (targets - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G
