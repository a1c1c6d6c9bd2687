# a vote of near rows
import numpy as np

options = {
    "column_limit": 1,  # columns used
    "n_neighbours": 1,  # how many neighbours count
}


def predict(A, T, B):
    A, B = A[:, :options["column_limit"]], B[:, :options["column_limit"]]
    A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    D = (B ** 2).sum(1)[:, None] - 2 * B @ A.T + (A ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :options["n_neighbours"]]
    return T[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("result.csv", F, fmt="%s", delimiter=",", header="p_gentle,p_steep", comments="")
