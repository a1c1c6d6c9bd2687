"""Gradient descent, a first try."""
import json
import sys
import numpy as np
from lib.descent import predict

pairs = [argument.split("=") for argument in sys.argv[1:]]
cfg = {name: json.loads(value) for name, value in pairs}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
known, y, new = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new, cfg)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
if cfg["echo"]:
    print(known.shape, new.shape)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="p_inside,p_outside", comments="")
