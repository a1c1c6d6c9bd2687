# gradient descent
import numpy as np

options = {
    "add_squares": True,     # add squared columns
    "n_epochs": 80,          # number of updates
    "learning_rate": 0.001,  # size of a step
}


def predict(X, Y, X_test):
    both = np.vstack([X, X_test])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    if options["add_squares"]:
        both = np.hstack([both, both ** 2])
    U, V = np.split(np.hstack([both, np.ones((len(both), 1))]), [len(X)])
    W = np.zeros((U.shape[1], Y.shape[1]))
    base = Y.mean(0)
    for _ in range(options["n_epochs"]):
        W -= options["learning_rate"] * U.T @ (U @ W + base - Y) / len(U)
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, X_test)
np.savetxt("result.csv", F, fmt="%s", delimiter=",", header="loans", comments="")
