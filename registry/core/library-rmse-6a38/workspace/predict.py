# a vote of near rows
import configparser
import json
import numpy as np
from tools.model import predict

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("setup.ini")
cfg = {name: json.loads(value) for name, value in ini["model"].items()}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q, cfg)
np.savetxt("forecast.csv", F, fmt="%s", delimiter=",", header="loans", comments="")
