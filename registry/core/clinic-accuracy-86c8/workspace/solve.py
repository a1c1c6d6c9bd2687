# a few decision stumps
import numpy as np

knobs = {
    "stages": 3,
    "rate": 0.1,
    "n_cuts": 8,
    "n_digits": 6,
    "use_columns": 1,
}


def predict(A, T, B):
    A, B = A[:, :knobs["use_columns"]], B[:, :knobs["use_columns"]]
    points = np.quantile(A, np.linspace(0, 1, knobs["n_cuts"] + 2)[1:-1], axis=0)
    U, V = ((Z[:, None] > points).reshape(len(Z), -1) * 1.0 for Z in (A, B))
    F, G = (np.tile(T.mean(0), (len(Z), 1)) for Z in (A, B))
    n = U.sum(0)[:, None]
    for _ in range(knobs["stages"]):
        R = T - F
        up = U.T @ R / (n + 1)
        low = (R.sum(0) - U.T @ R) / (len(A) - n + 1)
        j = (n * up ** 2 + (len(A) - n) * low ** 2).sum(1).argmax()
        F += knobs["rate"] * np.where(U[:, [j]], up[j], low[j])
        G += knobs["rate"] * np.where(V[:, [j]], up[j], low[j])
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
A, y, B = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
F = np.round(F, knobs["n_digits"])
np.savetxt("forecast.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="grade", comments="")
