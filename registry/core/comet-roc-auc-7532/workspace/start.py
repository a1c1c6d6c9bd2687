# naive Bayes
import numpy as np

smoothing = 300.0
max_columns = 1


def predict(known, target, new):
    known, new = known[:, :max_columns], new[:, :max_columns]
    both = np.vstack([known, new])
    known, new = np.split((both - both.mean(0)) / (both.std(0) + 1e-9), [len(known)])
    F = np.zeros((len(new), target.shape[1]))
    for c in range(target.shape[1]):
        Z = known[target[:, c] > 0]
        var = Z.var(0) + smoothing
        F[:, c] = np.log(len(Z)) - ((new - Z.mean(0)) ** 2 / var + np.log(var)).sum(1) / 2
    F = np.exp(F - F.max(1, keepdims=True))
    return F / F.sum(1, keepdims=True)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
np.savetxt("answer.csv", F[:, 1], fmt="%s", delimiter=",", header="p_visible", comments="")
