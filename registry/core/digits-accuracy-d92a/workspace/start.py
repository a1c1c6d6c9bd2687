# random cosine features
import configparser
import json
import numpy as np
from src.method import predict

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("config.ini")
cfg = {name: json.loads(value) for name, value in ini["method"].items()}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q, cfg)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="kind", comments="")
