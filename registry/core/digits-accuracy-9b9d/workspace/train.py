# a vote of near rows
import json
import numpy as np

cfg = json.load(open("config.json"))


def predict(A, T, B):
    A, B = A[:, :cfg["max_columns"]], B[:, :cfg["max_columns"]]
    A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    D = (B ** 2).sum(1)[:, None] - 2 * B @ A.T + (A ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :cfg["k"]]
    return T[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="sign", comments="")
