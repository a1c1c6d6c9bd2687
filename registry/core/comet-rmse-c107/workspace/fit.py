"""Random features and ridge, a first try."""
import json
import sys
import numpy as np
from src.features import predict

pairs = [argument.split("=") for argument in sys.argv[1:]]
cfg = {name: json.loads(value) for name, value in pairs}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
T = y.astype(float)[:, None]
F = predict(A, T, B, cfg)
F = np.round(F, cfg["digits"])
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="magnitude", comments="")
