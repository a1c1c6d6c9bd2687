# least squares with a penalty
import numpy as np

options = {
    "interactions": True,  # add products of columns
    "powers": 2,  # powers of each column
    "n_columns": 2,  # columns used
    "weight_penalty": 20000.0,  # penalty on the weights
}


def predict(inputs, targets, queries):
    inputs, queries = inputs[:, :options["n_columns"]], queries[:, :options["n_columns"]]
    both = np.vstack([inputs, queries])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, options["powers"] + 1)]
    if options["interactions"]:
        parts += [both[:, [i]] * both[:, i + 1:] for i in range(both.shape[1] - 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(inputs)].mean(0), [len(inputs)])
    base = targets.mean(0)
    W = np.linalg.solve(U.T @ U + options["weight_penalty"] * np.eye(U.shape[1]), U.T @ (targets - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
np.savetxt("forecast.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="grade", comments="")
