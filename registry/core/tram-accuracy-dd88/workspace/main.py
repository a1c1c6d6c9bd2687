"""Baseline: random cosine features."""
import numpy as np

class Setup:
    n_units = 5  # number of random features
    kernel_width = 0.15  # how far a point reaches
    use_rows = 30  # training rows used
    chatty = False  # print more
    weight_penalty = 1.0  # penalty on the weights


def predict(X, Y, Q):
    X, Y = X[:Setup.use_rows], Y[:Setup.use_rows]
    X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    rng = np.random.default_rng(36)
    W = rng.normal(size=(X.shape[1], Setup.n_units)) / (Setup.kernel_width * X.shape[1] ** 0.5)
    shift = rng.uniform(0, 6.28, size=Setup.n_units)
    U, V = np.cos(X @ W + shift), np.cos(Q @ W + shift)
    base = Y.mean(0)
    coef = np.linalg.solve(U.T @ U + Setup.weight_penalty * np.eye(Setup.n_units), U.T @ (Y - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q)
if Setup.chatty:
    print(X.shape, Q.shape)
np.savetxt("forecast.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="kind", comments="")
