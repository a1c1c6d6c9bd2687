# a linear model by gradient descent
import numpy as np

ECHO = False  # print more
STEP_SIZE = 0.001  # size of a step
ITERATIONS = 5  # number of updates


def predict(X, Y, Q):
    both = np.vstack([X, Q])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    U, V = np.split(np.hstack([both, np.ones((len(both), 1))]), [len(X)])
    W = np.zeros((U.shape[1], Y.shape[1]))
    base = Y.mean(0)
    for _ in range(ITERATIONS):
        W -= STEP_SIZE * U.T @ (U @ W + base - Y) / len(U)
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
if ECHO:
    print(X.shape, Q.shape)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="ink", comments="")
