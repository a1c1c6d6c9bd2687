"""A vote of near rows, a first try."""
import numpy as np

class Setup:
    precision = 8  # digits kept
    n_neighbours = 400  # how many neighbours count


def predict(known, target, new):
    known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    D = (new ** 2).sum(1)[:, None] - 2 * new @ known.T + (known ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :Setup.n_neighbours]
    return target[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
F = np.round(F, Setup.precision)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
