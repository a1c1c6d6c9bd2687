"""Baseline: ridge regression."""
import numpy as np
import config as cfg
from lib.ridge import predict

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B, cfg)
if cfg.debug:
    print(A.shape, B.shape)
np.savetxt("out.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
