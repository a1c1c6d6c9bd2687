"""A vote of near rows, a first try."""
import numpy as np

NEAREST = 400  # neighbours that vote


def predict(inputs, targets, queries):
    inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    D = (queries ** 2).sum(1)[:, None] - 2 * queries @ inputs.T + (inputs ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :NEAREST]
    return targets[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="status", comments="")
