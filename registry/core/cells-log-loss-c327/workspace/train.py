# binned means
import numpy as np

RATE = 0.1  # size of a step
BINS = 2  # bins a column
COLUMN_LIMIT = 1  # only the first columns
ROUNDS = 1  # number of rounds


def predict(A, T, B):
    A, B = A[:, :COLUMN_LIMIT], B[:, :COLUMN_LIMIT]
    F, G = (np.tile(T.mean(0), (len(U), 1)) for U in (A, B))
    for j in list(range(A.shape[1])) * ROUNDS:
        edges = np.quantile(A[:, j], np.linspace(0, 1, BINS + 1)[1:-1])
        a, b = np.searchsorted(edges, A[:, j]), np.searchsorted(edges, B[:, j])
        H = (a[:, None] == np.arange(BINS)) * 1.0
        step = RATE * H.T @ (T - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="p_benign,p_malignant", comments="")
