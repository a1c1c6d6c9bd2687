"""Baseline: random features and ridge."""
import json
import numpy as np

cfg = json.load(open("options.json"))


def predict(inputs, targets, queries):
    inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    rng = np.random.default_rng(34)
    W = rng.normal(size=(inputs.shape[1], cfg["hidden"])) / inputs.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=cfg["hidden"])
    U, V = np.cos(inputs @ W + shift), np.cos(queries @ W + shift)
    base = targets.mean(0)
    coef = np.linalg.solve(U.T @ U + cfg["penalty"] * np.eye(cfg["hidden"]), U.T @ (targets - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
inputs, y, queries = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="label", comments="")
