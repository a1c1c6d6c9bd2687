"""Baseline: gradient descent."""
import json
import numpy as np
from lib.method import predict

cfg = json.load(open("config.json"))

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
if cfg["use_log"]:
    Y = np.log1p(Y)
F = predict(X, Y, Q, cfg)
if cfg["use_log"]:
    F = np.expm1(F)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="magnitude", comments="")
