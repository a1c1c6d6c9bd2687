# binned means
import configparser
import json
import numpy as np
from tools.bins import predict

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("run.ini")
cfg = {name: json.loads(value) for name, value in ini["model"].items()}

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
known, y, new = train[:, 1:].astype(float), train[:, 0], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new, cfg)
np.savetxt("forecast.csv", F, fmt="%s", delimiter=",", header="megawatts", comments="")
