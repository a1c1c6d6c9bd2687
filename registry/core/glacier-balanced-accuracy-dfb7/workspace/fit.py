# random features and ridge
import os
import numpy as np

normalise = False  # same scale for all columns
class_weights = False  # make up for rare classes
ridge = 3.0  # penalty, larger is flatter
n_features = 60  # random features used
decimals = 6  # round to this many digits


def predict(A, T, B):
    if normalise:
        A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    rng = np.random.default_rng(int(os.environ.get("SEED", 0)))
    W = rng.normal(size=(A.shape[1], n_features)) / A.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=n_features)
    U, V = np.cos(A @ W + shift), np.cos(B @ W + shift)
    base = T.mean(0)
    coef = np.linalg.solve(U.T @ U + ridge * np.eye(n_features), U.T @ (T - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
A, y, B = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
F = np.round(F, decimals)
if class_weights:
    F = F / T.mean(0)
np.savetxt("predictions.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="kind", comments="")
