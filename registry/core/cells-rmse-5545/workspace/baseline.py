"""A sum of step curves, a first try."""
import numpy as np

params = {
    "precision": 6,
    "column_limit": 2,
    "step_size": 0.001,
    "stages": 60,
    "bins": 12,
}


def predict(X, Y, X_test):
    X, X_test = X[:, :params["column_limit"]], X_test[:, :params["column_limit"]]
    F, G = (np.tile(Y.mean(0), (len(U), 1)) for U in (X, X_test))
    for j in list(range(X.shape[1])) * params["stages"]:
        edges = np.quantile(X[:, j], np.linspace(0, 1, params["bins"] + 1)[1:-1])
        a, b = np.searchsorted(edges, X[:, j]), np.searchsorted(edges, X_test[:, j])
        H = (a[:, None] == np.arange(params["bins"])) * 1.0
        step = params["step_size"] * H.T @ (Y - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, X_test)
F = np.round(F, params["precision"])
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="level", comments="")
