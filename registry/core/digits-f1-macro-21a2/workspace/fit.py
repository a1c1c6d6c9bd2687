# Gaussian naive Bayes
import numpy as np

config = {
    "echo": False,  # print the sizes
    "var_floor": 300.0,  # smoothing added to each variance
    "column_limit": 2,  # only the first columns
}


def predict(known, target, new):
    known, new = known[:, :config["column_limit"]], new[:, :config["column_limit"]]
    both = np.vstack([known, new])
    known, new = np.split((both - both.mean(0)) / (both.std(0) + 1e-9), [len(known)])
    F = np.zeros((len(new), target.shape[1]))
    for c in range(target.shape[1]):
        Z = known[target[:, c] > 0]
        var = Z.var(0) + config["var_floor"]
        F[:, c] = np.log(len(Z)) - ((new - Z.mean(0)) ** 2 / var + np.log(var)).sum(1) / 2
    F = np.exp(F - F.max(1, keepdims=True))
    return F / F.sum(1, keepdims=True)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
if config["echo"]:
    print(known.shape, new.shape)
np.savetxt("out.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="sign", comments="")
