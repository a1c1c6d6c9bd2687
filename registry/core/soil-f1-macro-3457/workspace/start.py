"""Baseline: binned means."""
import numpy as np

impute = False  # fill gaps with means, not 0
steps = 60  # number of rounds
step_size = 0.002  # how far a step goes
max_columns = 1  # only the first columns
buckets = 12  # number of bins
verbose = False  # print more


def predict(A, T, B):
    A, B = A[:, :max_columns], B[:, :max_columns]
    gap = np.nanmean(A, 0) if impute else 0.0
    A, B = (np.where(np.isnan(Z), gap, Z) for Z in (A, B))
    F, G = (np.tile(T.mean(0), (len(U), 1)) for U in (A, B))
    for j in list(range(A.shape[1])) * steps:
        edges = np.quantile(A[:, j], np.linspace(0, 1, buckets + 1)[1:-1])
        a, b = np.searchsorted(edges, A[:, j]), np.searchsorted(edges, B[:, j])
        H = (a[:, None] == np.arange(buckets)) * 1.0
        step = step_size * H.T @ (T - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
A, y, B = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
if verbose:
    print(A.shape, B.shape)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="kind", comments="")
