# a vote of near rows
import numpy as np

NEAREST = 300    # how many neighbours count
MAX_COLUMNS = 1  # columns used


def predict(inputs, targets, queries):
    inputs, queries = inputs[:, :MAX_COLUMNS], queries[:, :MAX_COLUMNS]
    inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    D = (queries ** 2).sum(1)[:, None] - 2 * queries @ inputs.T + (inputs ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :NEAREST]
    return targets[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
np.savetxt("answer.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="status", comments="")
