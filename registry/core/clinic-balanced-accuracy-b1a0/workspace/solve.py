# a kernel smoother
import json
import numpy as np
from parts.kernel import predict

cfg = json.load(open("setup.json"))

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries, cfg)
F = np.round(F, cfg["digits"])
np.savetxt("result.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="grade", comments="")
