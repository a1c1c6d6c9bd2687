# a vote of near rows
import numpy as np
import options as cfg


def predict(A, T, B):
    if cfg.scale_columns:
        A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    D = (B ** 2).sum(1)[:, None] - 2 * B @ A.T + (A ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :cfg.n_neighbours]
    return T[near].mean(1)

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
