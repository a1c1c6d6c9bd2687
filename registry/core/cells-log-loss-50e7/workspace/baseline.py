# gradient descent
import json
import numpy as np

cfg = json.load(open("params.json"))


def predict(known, target, new):
    known, new = known[:, :cfg["max_columns"]], new[:, :cfg["max_columns"]]
    both = np.vstack([known, new])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    if cfg["add_squares"]:
        both = np.hstack([both, both ** 2])
    U, V = np.split(np.hstack([both, np.ones((len(both), 1))]), [len(known)])
    W = np.zeros((U.shape[1], target.shape[1]))
    def squash(Z):
        Z = np.exp(Z - Z.max(1, keepdims=True))
        return Z / Z.sum(1, keepdims=True)
    for _ in range(cfg["iterations"]):
        W -= cfg["learning_rate"] * U.T @ (squash(U @ W) - target) / len(U)
    return squash(V @ W)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="p_clear,p_suspect", comments="")
