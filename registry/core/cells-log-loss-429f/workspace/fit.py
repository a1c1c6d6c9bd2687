"""Baseline: class centres."""
import numpy as np
import config as cfg
from src.model import predict

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B, cfg)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="p_healthy,p_ill", comments="")
