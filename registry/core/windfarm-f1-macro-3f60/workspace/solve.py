"""A weighted mean of near rows, a first try."""
import numpy as np

scale_columns = False  # bring columns to one scale
precision = 6  # digits kept
kernel_width = 0.15  # width of the kernel


def predict(X, Y, X_test):
    if scale_columns:
        X, X_test = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, X_test))
    D = (X_test ** 2).sum(1)[:, None] - 2 * X_test @ X.T + (X ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * X.shape[1] * kernel_width ** 2))
    return (K @ Y + 1e-9 * Y.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test)
F = np.round(F, precision)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="kind", comments="")
