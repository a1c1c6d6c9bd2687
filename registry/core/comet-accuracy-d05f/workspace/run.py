"""A kernel smoother, a first try."""
import numpy as np

BANDWIDTH = 30.0  # how far a point reaches
MAX_COLUMNS = 1  # columns used


def predict(known, target, new):
    known, new = known[:, :MAX_COLUMNS], new[:, :MAX_COLUMNS]
    known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    D = (new ** 2).sum(1)[:, None] - 2 * new @ known.T + (known ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * known.shape[1] * BANDWIDTH ** 2))
    return (K @ target + 1e-9 * target.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
np.savetxt("out.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
