"""Gradient descent, a first try."""
import json
import sys
import numpy as np
from lib.descent import predict

pairs = [argument.split("=") for argument in sys.argv[1:]]
cfg = {name: json.loads(value) for name, value in pairs}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new, cfg)
if cfg["echo"]:
    print(known.shape, new.shape)
np.savetxt("out.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="kind", comments="")
