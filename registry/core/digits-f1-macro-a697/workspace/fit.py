# gradient descent
import numpy as np

iterations = 4  # number of updates
rate = 0.0005  # how far a step goes
max_columns = 2  # columns used


def predict(inputs, targets, queries):
    inputs, queries = inputs[:, :max_columns], queries[:, :max_columns]
    both = np.vstack([inputs, queries])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    U, V = np.split(np.hstack([both, np.ones((len(both), 1))]), [len(inputs)])
    W = np.zeros((U.shape[1], targets.shape[1]))
    def squash(Z):
        Z = np.exp(Z - Z.max(1, keepdims=True))
        return Z / Z.sum(1, keepdims=True)
    for _ in range(iterations):
        W -= rate * U.T @ (squash(U @ W) - targets) / len(U)
    return squash(V @ W)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
np.savetxt("answer.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
