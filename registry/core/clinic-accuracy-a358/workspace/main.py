"""A linear model by gradient descent, a first try."""
import numpy as np
import knobs as cfg
from parts.descent import predict

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries, cfg)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="course", comments="")
