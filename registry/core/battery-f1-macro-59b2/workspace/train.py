"""Baseline: Gaussian naive Bayes."""
import numpy as np

DECIMALS = 8  # digits kept
VAR_FLOOR = 300.0  # smoothing of the variances
MAX_COLUMNS = 1  # columns used


def predict(inputs, targets, queries):
    inputs, queries = inputs[:, :MAX_COLUMNS], queries[:, :MAX_COLUMNS]
    both = np.vstack([inputs, queries])
    inputs, queries = np.split((both - both.mean(0)) / (both.std(0) + 1e-9), [len(inputs)])
    F = np.zeros((len(queries), targets.shape[1]))
    for c in range(targets.shape[1]):
        Z = inputs[targets[:, c] > 0]
        var = Z.var(0) + VAR_FLOOR
        F[:, c] = np.log(len(Z)) - ((queries - Z.mean(0)) ** 2 / var + np.log(var)).sum(1) / 2
    F = np.exp(F - F.max(1, keepdims=True))
    return F / F.sum(1, keepdims=True)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
F = np.round(F, DECIMALS)
np.savetxt("answer.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
