# gradient descent
import numpy as np

digits = 8        # round to this many digits
squared = False   # add squared columns
epochs = 8        # passes over the data
column_limit = 1  # columns used
rate = 0.1        # size of a step


def predict(X, Y, Q):
    X, Q = X[:, :column_limit], Q[:, :column_limit]
    both = np.vstack([X, Q])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    if squared:
        both = np.hstack([both, both ** 2])
    U, V = np.split(np.hstack([both, np.ones((len(both), 1))]), [len(X)])
    W = np.zeros((U.shape[1], Y.shape[1]))
    base = Y.mean(0)
    for _ in range(epochs):
        W -= rate * U.T @ (U @ W + base - Y) / len(U)
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
F = np.round(F, digits)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="ink", comments="")
