"""Binned means, a first try."""
import numpy as np
import knobs as cfg
from tools.model import predict

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new, cfg)
F = np.round(F, cfg.n_digits)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
