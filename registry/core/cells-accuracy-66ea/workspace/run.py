"""A kernel smoother, a first try."""
import configparser
import json
import numpy as np
from src.kernel import predict

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("model.ini")
cfg = {name: json.loads(value) for name, value in ini["model"].items()}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q, cfg)
np.savetxt("answer.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="finding", comments="")
