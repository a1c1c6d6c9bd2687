# a vote of near rows
import numpy as np

options = {
    "nearest": 300,    # how many neighbours count
    "use_columns": 2,  # columns used
}


def predict(A, T, B):
    A, B = A[:, :options["use_columns"]], B[:, :options["use_columns"]]
    A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    D = (B ** 2).sum(1)[:, None] - 2 * B @ A.T + (A ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :options["nearest"]]
    return T[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
A, y, B = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
np.savetxt("forecast.csv", F[:, 1], fmt="%s", delimiter=",", header="score", comments="")
