"""A sum of step curves, a first try."""
import numpy as np

class Options:
    n_rounds = 1  # rounds of fitting
    step_size = 0.1  # how far a step goes
    n_bins = 2  # number of bins
    use_columns = 1  # columns used


def predict(A, T, B):
    A, B = A[:, :Options.use_columns], B[:, :Options.use_columns]
    F, G = (np.tile(T.mean(0), (len(U), 1)) for U in (A, B))
    for j in list(range(A.shape[1])) * Options.n_rounds:
        edges = np.quantile(A[:, j], np.linspace(0, 1, Options.n_bins + 1)[1:-1])
        a, b = np.searchsorted(edges, A[:, j]), np.searchsorted(edges, B[:, j])
        H = (a[:, None] == np.arange(Options.n_bins)) * 1.0
        step = Options.step_size * H.T @ (T - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
A, y, B = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
np.savetxt("result.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="course", comments="")
