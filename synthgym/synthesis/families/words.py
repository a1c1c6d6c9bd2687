"""Names of files, and sentences of descriptions, for all families; some belong to one split only."""

from __future__ import annotations

import random

from synthgym.synthesis.families.render import data

TABLES = {
    "train": (
        ("train.csv", "test.csv"),
        ("known.csv", "unknown.csv"),
        ("labelled.csv", "unlabelled.csv"),
        ("fit.csv", "score.csv"),
    ),
    "heldout": (("past.csv", "next.csv"), ("seen.csv", "unseen.csv"), ("train.csv", "test.csv")),
}
"""Names of the table to learn from and of the one to answer for."""

SUBMISSIONS = {
    "train": ("submission.csv", "predictions.csv", "answer.csv", "out.csv"),
    "heldout": ("submission.csv", "forecast.csv", "result.csv"),
}

_NOTES = {
    "train": ("NOTES.md", "README.md", "todo.txt"),
    "heldout": ("notes.txt", "HISTORY.md", "README.md"),
}


def sentence(rng: random.Random, family: str, part: str, **values: object) -> str:
    """One of the wordings of a part of a description, filled in."""
    wording: str = rng.choice(data(f"{family}/wordings.yaml")[part])
    return wording.format(**values)


def listed(items: list[str]) -> str:
    """`a, b or c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} or {items[-1]}"


def distractors(rng: random.Random, split: str) -> dict[str, str]:
    """Files of a workspace that have nothing to do with the problem: often none, at most two."""
    files: dict[str, str] = {}
    if rng.random() < 0.35:
        remarks = rng.sample(data("distractors.yaml")["notes"], rng.randint(1, 2))
        files[f"workspace/{rng.choice(_NOTES[split])}"] = "\n".join(remarks) + "\n"
    if rng.random() < 0.2:
        name, body = rng.choice(sorted(data("distractors.yaml")["scripts"][split].items()))
        files[f"workspace/{name}"] = body
    return files
