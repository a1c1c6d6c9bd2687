# a vote of near rows
import numpy as np

params = {
    "use_columns": 1,  # columns used
    "digits": 6,       # digits kept
    "nearest": 400,    # neighbours that vote
}


def predict(inputs, targets, queries):
    inputs, queries = inputs[:, :params["use_columns"]], queries[:, :params["use_columns"]]
    inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    D = (queries ** 2).sum(1)[:, None] - 2 * queries @ inputs.T + (inputs ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :params["nearest"]]
    return targets[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
targets = y.astype(float)[:, None]
F = predict(inputs, targets, queries)
F = np.round(F, params["digits"])
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="ink", comments="")
