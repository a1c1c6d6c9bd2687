"""A few decision stumps, a first try."""
import configparser
import json
import numpy as np
from lib.method import predict

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("settings.ini")
cfg = {name: json.loads(value) for name, value in ini["fit"].items()}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
inputs, y, queries = train[:, 1:].astype(float), train[:, 0], test.astype(float)
targets = y.astype(float)[:, None]
F = predict(inputs, targets, queries, cfg)
if cfg["echo"]:
    print(inputs.shape, queries.shape)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="strength", comments="")
