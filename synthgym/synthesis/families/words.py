"""Wordings: themes, file names, descriptions; some belong to one split only."""

from __future__ import annotations

import random

TABLES = {
    "train": (("train.csv", "test.csv"), ("known.csv", "unknown.csv"), ("labelled.csv", "unlabelled.csv"), ("fit.csv", "score.csv")),
    "heldout": (("past.csv", "next.csv"), ("seen.csv", "unseen.csv"), ("train.csv", "test.csv")),
}

SUBMISSIONS = {
    "train": ("submission.csv", "predictions.csv", "answer.csv", "out.csv"),
    "heldout": ("submission.csv", "forecast.csv", "result.csv"),
}


def sentence(rng: random.Random, *choices: str) -> str:
    """One wording of several."""
    return rng.choice(choices)


def listed(items: list[str]) -> str:
    """`a, b or c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} or {items[-1]}"
