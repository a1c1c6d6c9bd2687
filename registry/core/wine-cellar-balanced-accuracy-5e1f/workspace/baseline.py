"""Baseline: random cosine features."""
import json
import sys
import numpy as np
from lib.method import predict

pairs = [argument.split("=") for argument in sys.argv[1:]]
cfg = {name: json.loads(value) for name, value in pairs}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test, cfg)
np.savetxt("predictions.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="status", comments="")
