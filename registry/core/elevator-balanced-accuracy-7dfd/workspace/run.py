"""Nearest centres, a first try."""
import configparser
import json
import numpy as np

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("model.ini")
cfg = {name: json.loads(value) for name, value in ini["model"].items()}


def predict(A, T, B):
    A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    F = np.zeros((len(B), T.shape[1]))
    for c in range(T.shape[1]):
        Z = A[T[:, c] > 0]
        P = Z[:cfg["prototypes"]].copy()
        for _ in range(10):
            own = ((Z[:, None] - P) ** 2).sum(2).argmin(1)
            P = np.array([Z[own == i].mean(0) if (own == i).any() else P[i] for i in range(len(P))])
        F[:, c] = ((B[:, None] - P) ** 2).sum(2).min(1)
    F = np.exp(2 - 2 * F / (F.min(1, keepdims=True) + 1e-9))
    return F / F.sum(1, keepdims=True)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
np.savetxt("predictions.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="kind", comments="")
