"""Baseline: boosted stumps."""
import json
import numpy as np
from src.stumps import predict

cfg = json.load(open("config.json"))

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new, cfg)
np.savetxt("submission.csv", F[:, 1], fmt="%s", delimiter=",", header="score", comments="")
