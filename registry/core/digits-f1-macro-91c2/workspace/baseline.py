"""A weighted mean of near rows, a first try."""
import numpy as np

MAX_COLUMNS = 1  # columns used
WIDTH = 10.0     # width of the kernel


def predict(inputs, targets, queries):
    inputs, queries = inputs[:, :MAX_COLUMNS], queries[:, :MAX_COLUMNS]
    inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    D = (queries ** 2).sum(1)[:, None] - 2 * queries @ inputs.T + (inputs ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * inputs.shape[1] * WIDTH ** 2))
    return (K @ targets + 1e-9 * targets.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
np.savetxt("out.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="sign", comments="")
