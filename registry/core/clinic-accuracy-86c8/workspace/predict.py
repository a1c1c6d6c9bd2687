# a linear model by gradient descent
import numpy as np

knobs = {
    "n_columns": 1,        # only the first columns
    "iterations": 4,       # number of updates
    "add_squares": False,  # add squared columns
    "step_size": 0.1,      # size of a step
}


def predict(X, Y, Q):
    X, Q = X[:, :knobs["n_columns"]], Q[:, :knobs["n_columns"]]
    both = np.vstack([X, Q])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    if knobs["add_squares"]:
        both = np.hstack([both, both ** 2])
    U, V = np.split(np.hstack([both, np.ones((len(both), 1))]), [len(X)])
    W = np.zeros((U.shape[1], Y.shape[1]))
    def squash(Z):
        Z = np.exp(Z - Z.max(1, keepdims=True))
        return Z / Z.sum(1, keepdims=True)
    for _ in range(knobs["iterations"]):
        W -= knobs["step_size"] * U.T @ (squash(U @ W) - Y) / len(U)
    return squash(V @ W)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q)
np.savetxt("forecast.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="grade", comments="")
