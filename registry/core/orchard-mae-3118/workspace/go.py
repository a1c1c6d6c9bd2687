"""Baseline: a few decision stumps."""
import numpy as np

class Options:
    use_log = False  # work on log counts
    rounds = 2       # number of rounds
    n_cuts = 1       # cut points a column
    step_rate = 0.1  # size of a step


def predict(A, T, B):
    points = np.quantile(A, np.linspace(0, 1, Options.n_cuts + 2)[1:-1], axis=0)
    U, V = ((Z[:, None] > points).reshape(len(Z), -1) * 1.0 for Z in (A, B))
    F, G = (np.tile(T.mean(0), (len(Z), 1)) for Z in (A, B))
    n = U.sum(0)[:, None]
    for _ in range(Options.rounds):
        R = T - F
        up = U.T @ R / (n + 1)
        low = (R.sum(0) - U.T @ R) / (len(A) - n + 1)
        j = (n * up ** 2 + (len(A) - n) * low ** 2).sum(1).argmax()
        F += Options.step_rate * np.where(U[:, [j]], up[j], low[j])
        G += Options.step_rate * np.where(V[:, [j]], up[j], low[j])
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
T = y.astype(float)[:, None]
if Options.use_log:
    T = np.log1p(T)
F = predict(A, T, B)
if Options.use_log:
    F = np.expm1(F)
np.savetxt("result.csv", F, fmt="%s", delimiter=",", header="fruit_kg", comments="")
