# small random trees
import numpy as np

STAGES = 60      # number of rounds
RATE = 0.1       # size of a step
LEVELS = 1       # depth of a tree
DIGITS = 8       # digits kept
USE_COLUMNS = 1  # only the first columns


def predict(known, target, new):
    known, new = known[:, :USE_COLUMNS], new[:, :USE_COLUMNS]
    rng = np.random.default_rng(73)
    F, G = (np.tile(target.mean(0), (len(Z), 1)) for Z in (known, new))
    for _ in range(STAGES):
        cols = rng.integers(known.shape[1], size=LEVELS)
        cut = known[rng.integers(len(known), size=LEVELS), cols]
        a, b = ((Z[:, cols] > cut) @ 2 ** np.arange(LEVELS) for Z in (known, new))
        H = (a[:, None] == np.arange(2 ** LEVELS)) * 1.0
        step = RATE * H.T @ (target - F) / (H.sum(0)[:, None] + 2)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
known, y, new = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
F = np.round(F, DIGITS)
np.savetxt("out.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="state", comments="")
