"""Ridge regression, a first try."""
import numpy as np
import settings as cfg
from lib.ridge import predict

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
X, y, X_test = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, X_test, cfg)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="level", comments="")
