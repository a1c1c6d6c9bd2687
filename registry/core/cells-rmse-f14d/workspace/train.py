# least squares with a penalty
import numpy as np
import settings as cfg


def predict(A, T, B):
    A, B = A[:, :cfg.column_limit], B[:, :cfg.column_limit]
    both = np.vstack([A, B])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, cfg.degree + 1)]
    if cfg.products:
        parts += [both[:, [i]] * both[:, i + 1:] for i in range(both.shape[1] - 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(A)].mean(0), [len(A)])
    base = T.mean(0)
    W = np.linalg.solve(U.T @ U + cfg.ridge * np.eye(U.shape[1]), U.T @ (T - base))
    return base + V @ W

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
A, y, B = train[:, 1:].astype(float), train[:, 0], test.astype(float)
T = y.astype(float)[:, None]
F = predict(A, T, B)
if cfg.debug:
    print(A.shape, B.shape)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="quantity", comments="")
