"""A kernel smoother, a first try."""
import numpy as np

standardise = False  # same scale for all columns
impute_gaps = False  # fill gaps with means, not 0
verbose = False  # print the sizes
bandwidth = 0.15  # how far a point reaches


def predict(X, Y, X_test):
    gap = np.nanmean(X, 0) if impute_gaps else 0.0
    X, X_test = (np.where(np.isnan(Z), gap, Z) for Z in (X, X_test))
    if standardise:
        X, X_test = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, X_test))
    D = (X_test ** 2).sum(1)[:, None] - 2 * X_test @ X.T + (X ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * X.shape[1] * bandwidth ** 2))
    return (K @ Y + 1e-9 * Y.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, X_test)
if verbose:
    print(X.shape, X_test.shape)
np.savetxt("result.csv", F, fmt="%s", delimiter=",", header="bitterness", comments="")
