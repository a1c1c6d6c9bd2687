# a linear model by gradient descent
import numpy as np

class Options:
    use_log = False     # work on log counts
    add_squares = True  # add squared columns
    step_size = 0.001   # size of a step
    n_epochs = 80       # number of updates


def predict(inputs, targets, queries):
    both = np.vstack([inputs, queries])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    if Options.add_squares:
        both = np.hstack([both, both ** 2])
    U, V = np.split(np.hstack([both, np.ones((len(both), 1))]), [len(inputs)])
    W = np.zeros((U.shape[1], targets.shape[1]))
    base = targets.mean(0)
    for _ in range(Options.n_epochs):
        W -= Options.step_size * U.T @ (U @ W + base - targets) / len(U)
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
targets = y.astype(float)[:, None]
if Options.use_log:
    targets = np.log1p(targets)
F = predict(inputs, targets, queries)
if Options.use_log:
    F = np.expm1(F)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="shrinkage", comments="")
