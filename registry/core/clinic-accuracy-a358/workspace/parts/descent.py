import numpy as np


def predict(inputs, targets, queries, cfg):
    inputs, queries = inputs[:, :cfg.n_columns], queries[:, :cfg.n_columns]
    both = np.vstack([inputs, queries])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    if cfg.with_squares:
        both = np.hstack([both, both ** 2])
    U, V = np.split(np.hstack([both, np.ones((len(both), 1))]), [len(inputs)])
    W = np.zeros((U.shape[1], targets.shape[1]))
    def squash(Z):
        Z = np.exp(Z - Z.max(1, keepdims=True))
        return Z / Z.sum(1, keepdims=True)
    for _ in range(cfg.epochs):
        W -= cfg.step_rate * U.T @ (squash(U @ W) - targets) / len(U)
    return squash(V @ W)
