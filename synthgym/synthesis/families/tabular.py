"""Tabular challenges: classification and regression on scikit-learn's bundled tables and on generated ones."""

from __future__ import annotations

import random
from typing import Any

from synthgym.registry.challenge import Baseline, Budget, Challenge, Metric, Provenance, Reference, Submission
from synthgym.registry.metrics import get_metric
from synthgym.synthesis.draft import Draft
from synthgym.synthesis.families import starters, words
from synthgym.synthesis.families.render import render
from synthgym.synthesis.families.sources import Source, draw_source

BUDGET = Budget(steps=20, validations=10, command_cpu_seconds=20, episode_cpu_seconds=120, memory_mb=1024, pids=64, disk_mb=64)

LABEL_METRICS = ("accuracy", "accuracy", "balanced_accuracy", "f1_macro")
VALUE_METRICS = ("rmse", "rmse", "mae", "r2")


def _metric(source: Source, rng: random.Random) -> str:
    if not source.labels:
        return rng.choice(VALUE_METRICS)
    if source.rare:
        return rng.choice(["balanced_accuracy", "f1_macro", "roc_auc"] if len(source.labels) == 2 else ["balanced_accuracy", "f1_macro"])
    return rng.choice([*LABEL_METRICS, "log_loss", *(["roc_auc"] if len(source.labels) == 2 else [])])


def _describe(source: Source, table: starters.Table, target: str, starter: starters.Starter, rng: random.Random) -> str:
    what = f"`{target}`" + (f" ({words.listed(table.labels)})" if table.labels else "")
    if len(table.labels) > 5:
        what = f"`{target}` (one of {len(table.labels)} classes)"
    where = f"data/{table.train_csv}", f"data/{table.test_csv}"
    first = words.sentence(
        rng,
        f"Each row of {where[0]} is one of {source.count} {source.rows}. Predict {what} for the rows of {where[1]}.",
        f"Predict {what} of {source.rows}: learn from {where[0]}, answer for every row of {where[1]}.",
        f"{where[0]} holds {source.rows} with {what}; {where[1]} holds more of them without. Fill it in, in order.",
        f"Given measurements of {source.rows}, tell {what}. Known cases: {where[0]}; to be answered: {where[1]}.",
        f"Learn {what} of {source.rows} from {where[0]} and predict it for {where[1]}.",
    )
    if table.metric == "roc_auc":
        first += f" Submit a score that is higher for {table.labels[1]}."
    elif table.metric == "log_loss":
        first += " Submit a probability for each class."
    held = f"in {starter.settings_file}" if starter.settings_file else f"at the top of {starter.main}"
    second = words.sentence(
        rng,
        f"`{starter.command}` runs {starter.words} with the settings {held} and writes {table.submission}.",
        f"The baseline ({starter.words}) is started by `{starter.command}`; its settings are {held}.",
        f"A weak start is there: `{starter.command}` fits {starter.words}. Its settings are {held}.",
        f"Improve {starter.words}: settings {held}, run with `{starter.command}`.",
    )
    return f"{first} {second}"


def draft(identity: str, rng: random.Random, split: str) -> Draft:
    """One challenge. `identity` is the unique end of its id; `rng` decides everything else."""
    source = draw_source(rng, split)
    metric = _metric(source, rng)
    train_csv, test_csv = rng.choice(words.TABLES[split])
    labels = sorted(source.labels)
    if metric == "log_loss":
        columns = [f"p_{label}" for label in labels]
    elif metric == "roc_auc":
        columns = [rng.choice(["score", f"p_{labels[1]}"])]
    else:
        columns = [source.target]
    table = starters.Table(
        train_csv=train_csv,
        test_csv=test_csv,
        first=rng.random() < 0.3,
        labels=labels,
        metric=metric,
        submission=rng.choice(words.SUBMISSIONS[split]),
        columns=columns,
        missing=bool(source.values.get("missing")),
        counts=source.kind == "counts" and metric != "rmse",
        rare=bool(source.rare),
    )
    known = [name for name in source.cores if labels or not starters.CORES[name].classes_only]
    starter = starters.make(rng.choice(known), table, rng, split)
    shared: dict[str, Any] = {
        "train_csv": train_csv,
        "test_csv": test_csv,
        "first": table.first,
        "labels": labels,
        "metric": metric,
        "submission_columns": columns,
        "missing": source.values["missing"],
    }
    prepare = render("tabular/prepare.py.j2", **{**source.values, **shared}, kind=source.kind, target=source.target, columns=source.columns)
    reference = render("tabular/reference.py.j2", **shared, submission=table.submission, log=table.counts)
    files = {f"workspace/{name}": text for name, text in starter.files.items()}
    files |= {"grader/prepare.py": prepare, "grader/reference/solution.py": reference}
    known_metric = get_metric(metric)
    challenge = Challenge(
        id=f"{source.slug}-{metric.replace('_', '-')}-{identity}",
        title=source.title,
        topic=source.topic,
        domain=source.domain,
        description=_describe(source, table, source.target, starter, rng),
        split="heldout" if split == "heldout" else "train",
        dataset=source.dataset,
        submission=Submission(path=table.submission, kind="file", columns=columns),
        metric=Metric(name=metric, direction=known_metric.direction, worst=known_metric.worst, optimum=known_metric.optimum),
        baseline=Baseline(command=starter.command),
        reference=Reference(command="python solution.py"),
        budget=BUDGET,
        provenance=Provenance(author="procedural"),
    )
    return Draft(challenge, {name: text.encode() for name, text in files.items()})
