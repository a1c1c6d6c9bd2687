"""Baseline: naive Bayes."""
import numpy as np
import params as cfg
from lib.method import predict

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B, cfg)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
if cfg.echo:
    print(A.shape, B.shape)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="p_clear,p_suspect", comments="")
