"""Least squares with a penalty, a first try."""
import json
import numpy as np
from tools.method import predict

lines = [line.split("#")[0].split(":") for line in open("settings.yaml")]
cfg = {name: json.loads(value) for name, value in lines}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
X, y, X_test = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test, cfg)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
if cfg["chatty"]:
    print(X.shape, X_test.shape)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="p_gentle,p_steep", comments="")
