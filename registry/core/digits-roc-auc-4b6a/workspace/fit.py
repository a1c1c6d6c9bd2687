"""A kernel smoother, a first try."""
import json
import numpy as np
from src.model import predict

cfg = json.load(open("settings.json"))

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
known, y, new = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new, cfg)
np.savetxt("answer.csv", F[:, 1], fmt="%s", delimiter=",", header="score", comments="")
