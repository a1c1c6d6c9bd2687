"""Gaussian naive bayes, a first try."""
import json
import numpy as np
from lib.method import predict

cfg = json.load(open("settings.json"))

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q, cfg)
np.savetxt("predictions.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="kind", comments="")
