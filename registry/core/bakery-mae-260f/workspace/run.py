"""Nearest neighbours, a first try."""
import json
import numpy as np
from lib.neighbours import predict

cfg = json.load(open("config.json"))

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q, cfg)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="loaf_volume", comments="")
