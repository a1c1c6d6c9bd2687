"""Baseline: random cosine features."""
import json
import numpy as np
from src.method import predict

cfg = json.load(open("params.json"))

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
known, y, new = train[:, 1:].astype(float), train[:, 0], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new, cfg)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="listeners", comments="")
