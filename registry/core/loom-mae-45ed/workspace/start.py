# nearest neighbours
import numpy as np

config = {
    "fill_means": False,  # fill gaps with means, not 0
    "k": 9,  # how many neighbours count
    "rescale": False,  # same scale for all columns
}


def predict(A, T, B):
    gap = np.nanmean(A, 0) if config["fill_means"] else 0.0
    A, B = (np.where(np.isnan(Z), gap, Z) for Z in (A, B))
    if config["rescale"]:
        A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    D = (B ** 2).sum(1)[:, None] - 2 * B @ A.T + (A ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :config["k"]]
    return T[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
T = y.astype(float)[:, None]
F = predict(A, T, B)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="strength", comments="")
