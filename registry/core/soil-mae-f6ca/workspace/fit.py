# random features and ridge
import numpy as np

penalty = 3.0    # penalty, larger is flatter
n_features = 60  # random features used
rescale = False  # same scale for all columns


def predict(A, T, B):
    if rescale:
        A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    rng = np.random.default_rng(40)
    W = rng.normal(size=(A.shape[1], n_features)) / A.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=n_features)
    U, V = np.cos(A @ W + shift), np.cos(B @ W + shift)
    base = T.mean(0)
    coef = np.linalg.solve(U.T @ U + penalty * np.eye(n_features), U.T @ (T - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
T = y.astype(float)[:, None]
F = predict(A, T, B)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="nitrogen", comments="")
