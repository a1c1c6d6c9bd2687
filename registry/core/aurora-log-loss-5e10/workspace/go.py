# a vote of near rows
import json
import numpy as np
from tools.method import predict

cfg = json.load(open("setup.json"))

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
inputs, y, queries = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries, cfg)
F = np.round(F, cfg["n_digits"])
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="p_dark,p_glowing", comments="")
