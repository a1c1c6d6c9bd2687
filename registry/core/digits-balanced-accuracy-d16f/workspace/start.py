"""Gaussian naive bayes, a first try."""
import numpy as np

CONFIG = {
    "max_columns": 2,  # only the first columns
    "smoothing": 300.0,  # smoothing added to each variance
}


def predict(X, Y, Q):
    X, Q = X[:, :CONFIG["max_columns"]], Q[:, :CONFIG["max_columns"]]
    both = np.vstack([X, Q])
    X, Q = np.split((both - both.mean(0)) / (both.std(0) + 1e-9), [len(X)])
    F = np.zeros((len(Q), Y.shape[1]))
    for c in range(Y.shape[1]):
        Z = X[Y[:, c] > 0]
        var = Z.var(0) + CONFIG["smoothing"]
        F[:, c] = np.log(len(Z)) - ((Q - Z.mean(0)) ** 2 / var + np.log(var)).sum(1) / 2
    F = np.exp(F - F.max(1, keepdims=True))
    return F / F.sum(1, keepdims=True)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q)
np.savetxt("out.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
