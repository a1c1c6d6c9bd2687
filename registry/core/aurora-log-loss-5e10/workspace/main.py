# a kernel smoother
import numpy as np

CHATTY = False  # print more
KERNEL_WIDTH = 20.0  # how far a point reaches
STANDARDISE = True  # same scale for all columns


def predict(known, target, new):
    if STANDARDISE:
        known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    D = (new ** 2).sum(1)[:, None] - 2 * new @ known.T + (known ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * known.shape[1] * KERNEL_WIDTH ** 2))
    return (K @ target + 1e-9 * target.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
if CHATTY:
    print(known.shape, new.shape)
np.savetxt("result.csv", F, fmt="%s", delimiter=",", header="p_dark,p_glowing", comments="")
