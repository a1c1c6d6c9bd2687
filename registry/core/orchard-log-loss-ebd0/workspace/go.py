# nearest neighbours
import numpy as np

PRECISION = 8     # digits kept
NEIGHBOURS = 400  # neighbours that vote


def predict(known, target, new):
    known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    D = (new ** 2).sum(1)[:, None] - 2 * new @ known.T + (known ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :NEIGHBOURS]
    return target[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
known, y, new = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
F = np.round(F, PRECISION)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("forecast.csv", F, fmt="%s", delimiter=",", header="p_bare,p_bearing", comments="")
