"""Baseline: gradient descent."""
import numpy as np

ITERATIONS = 80     # passes over the data
ADD_SQUARES = True  # add squared columns
MAX_COLUMNS = 1     # only the first columns
STEP_SIZE = 0.0005  # size of a step


def predict(known, target, new):
    known, new = known[:, :MAX_COLUMNS], new[:, :MAX_COLUMNS]
    both = np.vstack([known, new])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    if ADD_SQUARES:
        both = np.hstack([both, both ** 2])
    U, V = np.split(np.hstack([both, np.ones((len(both), 1))]), [len(known)])
    W = np.zeros((U.shape[1], target.shape[1]))
    def squash(Z):
        Z = np.exp(Z - Z.max(1, keepdims=True))
        return Z / Z.sum(1, keepdims=True)
    for _ in range(ITERATIONS):
        W -= STEP_SIZE * U.T @ (squash(U @ W) - target) / len(U)
    return squash(V @ W)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="finding", comments="")
