"""Naive bayes, a first try."""
import numpy as np

config = {
    "smooth": 300.0,  # smoothing added to each variance
    "column_limit": 2,  # only the first columns
}


def predict(X, Y, X_test):
    X, X_test = X[:, :config["column_limit"]], X_test[:, :config["column_limit"]]
    both = np.vstack([X, X_test])
    X, X_test = np.split((both - both.mean(0)) / (both.std(0) + 1e-9), [len(X)])
    F = np.zeros((len(X_test), Y.shape[1]))
    for c in range(Y.shape[1]):
        Z = X[Y[:, c] > 0]
        var = Z.var(0) + config["smooth"]
        F[:, c] = np.log(len(Z)) - ((X_test - Z.mean(0)) ** 2 / var + np.log(var)).sum(1) / 2
    F = np.exp(F - F.max(1, keepdims=True))
    return F / F.sum(1, keepdims=True)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, X_test = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test)
np.savetxt("answer.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="finding", comments="")
