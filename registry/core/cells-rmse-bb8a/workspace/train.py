"""A vote of near rows, a first try."""
import numpy as np

params = {
    "echo": False,     # print the sizes
    "max_columns": 1,  # columns used
    "nearest": 200,    # how many neighbours count
}


def predict(X, Y, X_test):
    X, X_test = X[:, :params["max_columns"]], X_test[:, :params["max_columns"]]
    X, X_test = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, X_test))
    D = (X_test ** 2).sum(1)[:, None] - 2 * X_test @ X.T + (X ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :params["nearest"]]
    return Y[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, X_test)
if params["echo"]:
    print(X.shape, X_test.shape)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="level", comments="")
