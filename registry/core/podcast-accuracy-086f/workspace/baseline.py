# nearest neighbours
import json
import sys
import numpy as np
from src.method import predict

pairs = [argument.split("=") for argument in sys.argv[1:]]
cfg = {name: json.loads(value) for name, value in pairs}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries, cfg)
if cfg["debug"]:
    print(inputs.shape, queries.shape)
np.savetxt("answer.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="status", comments="")
