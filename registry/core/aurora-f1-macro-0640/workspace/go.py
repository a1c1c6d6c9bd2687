# a sum of step curves
import numpy as np

class Settings:
    step_rate = 0.1  # how far a step goes
    n_bins = 2       # number of bins
    stages = 3       # rounds of fitting


def predict(X, Y, X_test):
    F, G = (np.tile(Y.mean(0), (len(U), 1)) for U in (X, X_test))
    for j in list(range(X.shape[1])) * Settings.stages:
        edges = np.quantile(X[:, j], np.linspace(0, 1, Settings.n_bins + 1)[1:-1])
        a, b = np.searchsorted(edges, X[:, j]), np.searchsorted(edges, X_test[:, j])
        H = (a[:, None] == np.arange(Settings.n_bins)) * 1.0
        step = Settings.step_rate * H.T @ (Y - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="label", comments="")
