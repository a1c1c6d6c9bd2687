"""Gaussian naive bayes, a first try."""
import configparser
import json
import numpy as np
from lib.method import predict

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("settings.ini")
cfg = {name: json.loads(value) for name, value in ini["method"].items()}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test, cfg)
np.savetxt("out.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
