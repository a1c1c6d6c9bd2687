"""Naive bayes, a first try."""
import json
import numpy as np
from lib.model import predict

cfg = json.load(open("config.json"))

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test, cfg)
if cfg["debug"]:
    print(X.shape, X_test.shape)
np.savetxt("out.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
