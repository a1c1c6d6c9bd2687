# nearest neighbours
import numpy as np

k = 1               # how many neighbours count
standardise = True  # bring columns to one scale
decimals = 6        # digits kept


def predict(inputs, targets, queries):
    if standardise:
        inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    D = (queries ** 2).sum(1)[:, None] - 2 * queries @ inputs.T + (inputs ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :k]
    return targets[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
inputs, y, queries = train[:, 1:].astype(float), train[:, 0], test.astype(float)
targets = y.astype(float)[:, None]
F = predict(inputs, targets, queries)
F = np.round(F, decimals)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="melt_cm", comments="")
