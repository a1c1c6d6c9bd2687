"""A vote of near rows, a first try."""
import numpy as np

knobs = {
    "scale_columns": False,  # same scale for all columns
    "max_columns": 1,        # columns used
    "nearest": 9,            # how many neighbours count
}


def predict(A, T, B):
    A, B = A[:, :knobs["max_columns"]], B[:, :knobs["max_columns"]]
    if knobs["scale_columns"]:
        A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    D = (B ** 2).sum(1)[:, None] - 2 * B @ A.T + (A ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :knobs["nearest"]]
    return T[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
np.savetxt("forecast.csv", F[:, 1], fmt="%s", delimiter=",", header="score", comments="")
