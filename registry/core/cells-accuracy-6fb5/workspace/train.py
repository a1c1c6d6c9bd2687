"""A weighted mean of near rows, a first try."""
import numpy as np

config = {
    "rescale": True,  # same scale for all columns
    "column_limit": 1,  # columns used
    "width": 30.0,  # how far a point reaches
}


def predict(known, target, new):
    known, new = known[:, :config["column_limit"]], new[:, :config["column_limit"]]
    if config["rescale"]:
        known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    D = (new ** 2).sum(1)[:, None] - 2 * new @ known.T + (known ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * known.shape[1] * config["width"] ** 2))
    return (K @ target + 1e-9 * target.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="finding", comments="")
