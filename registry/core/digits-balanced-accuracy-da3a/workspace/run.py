"""A kernel smoother, a first try."""
import numpy as np

RADIUS = 20.0  # how far a point reaches
MAX_COLUMNS = 2  # only the first columns


def predict(X, Y, X_test):
    X, X_test = X[:, :MAX_COLUMNS], X_test[:, :MAX_COLUMNS]
    X, X_test = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, X_test))
    D = (X_test ** 2).sum(1)[:, None] - 2 * X_test @ X.T + (X ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * X.shape[1] * RADIUS ** 2))
    return (K @ Y + 1e-9 * Y.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test)
np.savetxt("answer.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
