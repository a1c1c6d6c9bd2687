import numpy as np


def predict(known, target, new, cfg):
    known, target = known[:cfg["use_rows"]], target[:cfg["use_rows"]]
    F, G = (np.tile(target.mean(0), (len(U), 1)) for U in (known, new))
    for j in list(range(known.shape[1])) * cfg["rounds"]:
        edges = np.quantile(known[:, j], np.linspace(0, 1, cfg["buckets"] + 1)[1:-1])
        a, b = np.searchsorted(edges, known[:, j]), np.searchsorted(edges, new[:, j])
        H = (a[:, None] == np.arange(cfg["buckets"])) * 1.0
        step = cfg["step_rate"] * H.T @ (target - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G
