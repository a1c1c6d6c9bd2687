# binned means
import json
import numpy as np

cfg = json.load(open("config.json"))


def predict(X, Y, X_test):
    F, G = (np.tile(Y.mean(0), (len(U), 1)) for U in (X, X_test))
    for j in list(range(X.shape[1])) * cfg["steps"]:
        edges = np.quantile(X[:, j], np.linspace(0, 1, cfg["buckets"] + 1)[1:-1])
        a, b = np.searchsorted(edges, X[:, j]), np.searchsorted(edges, X_test[:, j])
        H = (a[:, None] == np.arange(cfg["buckets"])) * 1.0
        step = cfg["rate"] * H.T @ (Y - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test)
if cfg["class_weights"]:
    F = F / Y.mean(0)
if cfg["debug"]:
    print(X.shape, X_test.shape)
np.savetxt("out.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="status", comments="")
