"""Baseline: a kernel smoother."""
import numpy as np

N_COLUMNS = 2  # only the first columns
CHATTY = False  # print the sizes
RADIUS = 30.0  # width of the kernel


def predict(known, target, new):
    known, new = known[:, :N_COLUMNS], new[:, :N_COLUMNS]
    known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    D = (new ** 2).sum(1)[:, None] - 2 * new @ known.T + (known ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * known.shape[1] * RADIUS ** 2))
    return (K @ target + 1e-9 * target.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
if CHATTY:
    print(known.shape, new.shape)
np.savetxt("result.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
