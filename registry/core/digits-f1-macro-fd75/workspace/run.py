# ridge regression
import numpy as np

config = {
    "l2": 100000.0,  # strength of the penalty
    "products": True,  # multiply columns in pairs
    "order": 2,  # powers of each column
    "max_columns": 2,  # only the first columns
}


def predict(X, Y, X_test):
    X, X_test = X[:, :config["max_columns"]], X_test[:, :config["max_columns"]]
    both = np.vstack([X, X_test])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, config["order"] + 1)]
    if config["products"]:
        parts += [both[:, [i]] * both[:, i + 1:] for i in range(both.shape[1] - 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(X)].mean(0), [len(X)])
    base = Y.mean(0)
    W = np.linalg.solve(U.T @ U + config["l2"] * np.eye(U.shape[1]), U.T @ (Y - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
