"""Binned means, a first try."""
import numpy as np

RATE = 0.1  # how far a step goes
N_DIGITS = 6  # round to this many digits
N_BINS = 2  # number of bins
N_ROUNDS = 60  # number of rounds


def predict(known, target, new):
    F, G = (np.tile(target.mean(0), (len(U), 1)) for U in (known, new))
    for j in list(range(known.shape[1])) * N_ROUNDS:
        edges = np.quantile(known[:, j], np.linspace(0, 1, N_BINS + 1)[1:-1])
        a, b = np.searchsorted(edges, known[:, j]), np.searchsorted(edges, new[:, j])
        H = (a[:, None] == np.arange(N_BINS)) * 1.0
        step = RATE * H.T @ (target - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
known, y, new = train[:, 1:].astype(float), train[:, 0], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new)
F = np.round(F, N_DIGITS)
np.savetxt("forecast.csv", F, fmt="%s", delimiter=",", header="megawatts", comments="")
