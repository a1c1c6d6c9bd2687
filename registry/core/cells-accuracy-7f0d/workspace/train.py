"""Baseline: nearest neighbours."""
import configparser
import json
import numpy as np
from lib.neighbours import predict

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("config.ini")
cfg = {name: json.loads(value) for name, value in ini["model"].items()}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries, cfg)
np.savetxt("predictions.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="finding", comments="")
