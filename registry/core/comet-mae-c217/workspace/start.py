"""A few decision stumps, a first try."""
import json
import sys
import numpy as np
from src.method import predict

pairs = [argument.split("=") for argument in sys.argv[1:]]
cfg = {name: json.loads(value) for name, value in pairs}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
if cfg["log_target"]:
    Y = np.log1p(Y)
F = predict(X, Y, Q, cfg)
F = np.round(F, cfg["digits"])
if cfg["log_target"]:
    F = np.expm1(F)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="magnitude", comments="")
