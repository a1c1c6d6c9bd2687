# random features and ridge
import numpy as np

class Settings:
    n_rows = 30      # only the first rows
    n_features = 8   # random features used
    shrinkage = 3.0  # penalty on the weights


def predict(X, Y, X_test):
    X, Y = X[:Settings.n_rows], Y[:Settings.n_rows]
    X, X_test = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, X_test))
    rng = np.random.default_rng(42)
    W = rng.normal(size=(X.shape[1], Settings.n_features)) / X.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=Settings.n_features)
    U, V = np.cos(X @ W + shift), np.cos(X_test @ W + shift)
    base = Y.mean(0)
    coef = np.linalg.solve(U.T @ U + Settings.shrinkage * np.eye(Settings.n_features), U.T @ (Y - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test)
np.savetxt("forecast.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="label", comments="")
