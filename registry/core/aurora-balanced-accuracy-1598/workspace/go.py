"""Random cosine features, a first try."""
import numpy as np

class Options:
    hidden = 60  # random features used
    ridge = 1.0  # penalty on the weights
    standardise = False  # bring columns to one scale


def predict(A, T, B):
    if Options.standardise:
        A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    rng = np.random.default_rng(55)
    W = rng.normal(size=(A.shape[1], Options.hidden)) / A.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=Options.hidden)
    U, V = np.cos(A @ W + shift), np.cos(B @ W + shift)
    base = T.mean(0)
    coef = np.linalg.solve(U.T @ U + Options.ridge * np.eye(Options.hidden), U.T @ (T - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
np.savetxt("result.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="kind", comments="")
