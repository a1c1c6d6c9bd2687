# least squares with a penalty
import numpy as np

params = {
    "column_limit": 1,  # only the first columns
    "l2": 50000.0,  # penalty, larger is flatter
    "echo": False,  # print the sizes
    "interactions": False,  # add products of columns
    "order": 2,  # powers of each column
}


def predict(X, Y, X_test):
    X, X_test = X[:, :params["column_limit"]], X_test[:, :params["column_limit"]]
    both = np.vstack([X, X_test])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, params["order"] + 1)]
    if params["interactions"]:
        parts += [both[:, [i]] * both[:, i + 1:] for i in range(both.shape[1] - 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(X)].mean(0), [len(X)])
    base = Y.mean(0)
    W = np.linalg.solve(U.T @ U + params["l2"] * np.eye(U.shape[1]), U.T @ (Y - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, X_test)
if params["echo"]:
    print(X.shape, X_test.shape)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="ink", comments="")
