# gradient descent
import numpy as np

class_weights = False  # weigh rare classes up
add_squares = False    # add squared columns
iterations = 5         # passes over the data
rate = 0.1             # size of a step
use_columns = 2        # only the first columns
debug = False          # print more


def predict(X, Y, X_test):
    X, X_test = X[:, :use_columns], X_test[:, :use_columns]
    both = np.vstack([X, X_test])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    if add_squares:
        both = np.hstack([both, both ** 2])
    U, V = np.split(np.hstack([both, np.ones((len(both), 1))]), [len(X)])
    W = np.zeros((U.shape[1], Y.shape[1]))
    def squash(Z):
        Z = np.exp(Z - Z.max(1, keepdims=True))
        return Z / Z.sum(1, keepdims=True)
    for _ in range(iterations):
        W -= rate * U.T @ (squash(U @ W) - Y) / len(U)
    return squash(V @ W)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test)
if class_weights:
    F = F / Y.mean(0)
if debug:
    print(X.shape, X_test.shape)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="status", comments="")
