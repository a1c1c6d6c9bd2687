# random ferns
import json
import sys
import numpy as np
from lib.model import predict

pairs = [argument.split("=") for argument in sys.argv[1:]]
cfg = {name: json.loads(value) for name, value in pairs}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B, cfg)
if cfg["class_weights"]:
    F = F / T.mean(0)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="kind", comments="")
