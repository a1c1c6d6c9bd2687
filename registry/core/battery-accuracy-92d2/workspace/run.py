# least squares with a penalty
import numpy as np

max_columns = 1  # only the first columns
degree = 1  # highest power of a column
ridge = 3.0  # penalty on the weights
interactions = False  # multiply columns in pairs
fill_means = False  # fill gaps with means, not 0


def predict(A, T, B):
    A, B = A[:, :max_columns], B[:, :max_columns]
    gap = np.nanmean(A, 0) if fill_means else 0.0
    A, B = (np.where(np.isnan(Z), gap, Z) for Z in (A, B))
    both = np.vstack([A, B])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, degree + 1)]
    if interactions:
        parts += [both[:, [i]] * both[:, i + 1:] for i in range(both.shape[1] - 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(A)].mean(0), [len(A)])
    base = T.mean(0)
    W = np.linalg.solve(U.T @ U + ridge * np.eye(U.shape[1]), U.T @ (T - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
np.savetxt("predictions.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="status", comments="")
