# a sum of step curves
import numpy as np

class Setup:
    rate = 0.1  # size of a step
    column_limit = 2  # only the first columns
    stages = 3  # rounds of fitting
    n_bins = 2  # number of bins


def predict(known, target, new):
    known, new = known[:, :Setup.column_limit], new[:, :Setup.column_limit]
    F, G = (np.tile(target.mean(0), (len(U), 1)) for U in (known, new))
    for j in list(range(known.shape[1])) * Setup.stages:
        edges = np.quantile(known[:, j], np.linspace(0, 1, Setup.n_bins + 1)[1:-1])
        a, b = np.searchsorted(edges, known[:, j]), np.searchsorted(edges, new[:, j])
        H = (a[:, None] == np.arange(Setup.n_bins)) * 1.0
        step = Setup.rate * H.T @ (target - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
known, y, new = train[:, 1:].astype(float), train[:, 0], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new)
np.savetxt("result.csv", F, fmt="%s", delimiter=",", header="outcome", comments="")
