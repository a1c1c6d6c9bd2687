# random features and ridge
import numpy as np

WEIGHT_PENALTY = 3.0  # penalty on the weights
N_UNITS = 5  # random features used


def predict(inputs, targets, queries):
    inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    rng = np.random.default_rng(2)
    W = rng.normal(size=(inputs.shape[1], N_UNITS)) / inputs.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=N_UNITS)
    U, V = np.cos(inputs @ W + shift), np.cos(queries @ W + shift)
    base = targets.mean(0)
    coef = np.linalg.solve(U.T @ U + WEIGHT_PENALTY * np.eye(N_UNITS), U.T @ (targets - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
np.savetxt("forecast.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="status", comments="")
