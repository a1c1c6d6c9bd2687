# ridge regression
import json
import sys
import numpy as np
from src.model import predict

pairs = [argument.split("=") for argument in sys.argv[1:]]
cfg = {name: json.loads(value) for name, value in pairs}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new, cfg)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="level", comments="")
