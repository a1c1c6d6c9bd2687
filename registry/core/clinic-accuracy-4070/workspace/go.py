"""A sum of step curves, a first try."""
import numpy as np

class Settings:
    n_bins = 12        # bins a column
    n_columns = 1      # columns used
    step_size = 0.001  # size of a step
    rounds = 60        # rounds of fitting


def predict(A, T, B):
    A, B = A[:, :Settings.n_columns], B[:, :Settings.n_columns]
    F, G = (np.tile(T.mean(0), (len(U), 1)) for U in (A, B))
    for j in list(range(A.shape[1])) * Settings.rounds:
        edges = np.quantile(A[:, j], np.linspace(0, 1, Settings.n_bins + 1)[1:-1])
        a, b = np.searchsorted(edges, A[:, j]), np.searchsorted(edges, B[:, j])
        H = (a[:, None] == np.arange(Settings.n_bins)) * 1.0
        step = Settings.step_size * H.T @ (T - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="course", comments="")
