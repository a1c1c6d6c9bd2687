# a sum of step curves
import numpy as np

params = {
    "rounds": 60,  # rounds of fitting
    "echo": False,  # print the sizes
    "rate": 0.001,  # size of a step
    "column_limit": 2,  # only the first columns
    "buckets": 12,  # number of bins
}


def predict(known, target, new):
    known, new = known[:, :params["column_limit"]], new[:, :params["column_limit"]]
    F, G = (np.tile(target.mean(0), (len(U), 1)) for U in (known, new))
    for j in list(range(known.shape[1])) * params["rounds"]:
        edges = np.quantile(known[:, j], np.linspace(0, 1, params["buckets"] + 1)[1:-1])
        a, b = np.searchsorted(edges, known[:, j]), np.searchsorted(edges, new[:, j])
        H = (a[:, None] == np.arange(params["buckets"])) * 1.0
        step = params["rate"] * H.T @ (target - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
if params["echo"]:
    print(known.shape, new.shape)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="p_healthy,p_ill", comments="")
