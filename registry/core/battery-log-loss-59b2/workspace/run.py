# naive Bayes
import json
import numpy as np
from src.model import predict

cfg = json.load(open("config.json"))

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q, cfg)
F = np.round(F, cfg["decimals"])
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="p_aging,p_dead,p_fresh", comments="")
