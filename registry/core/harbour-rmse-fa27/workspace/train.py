"""Random ferns, a first try."""
import numpy as np
import settings as cfg
from src.model import predict

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new, cfg)
F = np.round(F, cfg.decimals)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="delay_h", comments="")
