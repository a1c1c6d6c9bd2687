"""Ridge regression, a first try."""
import json
import numpy as np
from parts.model import predict

lines = [line.split("#")[0].split(":") for line in open("settings.yaml")]
cfg = {name: json.loads(value) for name, value in lines}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
known, y, new = train[:, 1:].astype(float), train[:, 0], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new, cfg)
np.savetxt("forecast.csv", F, fmt="%s", delimiter=",", header="index", comments="")
