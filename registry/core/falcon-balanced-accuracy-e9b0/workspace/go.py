"""Small random trees, a first try."""
import json
import numpy as np
from parts.method import predict

lines = [line.split("#")[0].split(":") for line in open("settings.yaml")]
cfg = {name: json.loads(value) for name, value in lines}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new, cfg)
F = np.round(F, cfg["digits"])
np.savetxt("forecast.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="kind", comments="")
