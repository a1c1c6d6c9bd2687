# a vote of near rows
import numpy as np

knobs = {
    "n_neighbours": 300,  # neighbours that vote
}


def predict(X, Y, X_test):
    X, X_test = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, X_test))
    D = (X_test ** 2).sum(1)[:, None] - 2 * X_test @ X.T + (X ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :knobs["n_neighbours"]]
    return Y[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test)
np.savetxt("result.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
