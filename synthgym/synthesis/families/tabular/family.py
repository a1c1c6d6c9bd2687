"""Tabular challenges: classification and regression on scikit-learn's bundled tables and on generated ones."""

from __future__ import annotations

import random
from typing import Any

from synthgym.registry.challenge import Baseline, Budget, Challenge, Metric, Provenance, Reference, Submission
from synthgym.registry.metrics import get_metric
from synthgym.synthesis.column_names import class_columns
from synthgym.synthesis.draft import Draft
from synthgym.synthesis.families import words
from synthgym.synthesis.families.render import render
from synthgym.synthesis.families.tabular import bundled, generated, starters
from synthgym.synthesis.families.tabular.sources import Source

BUDGET = Budget(
    steps=20, validations=10, command_cpu_seconds=20, episode_cpu_seconds=120, memory_mb=1024, pids=64, disk_mb=64
)

BUNDLED_WEIGHT = 3
"""How much likelier each bundled table is than each generator."""


def _source(rng: random.Random, split: str) -> Source:
    """A table, drawn or bundled."""
    real, made = list(bundled.KINDS[split]), list(generated.KINDS[split])
    kind = rng.choices(real + made, [BUNDLED_WEIGHT] * len(real) + [1] * len(made))[0]
    source = bundled.draw(rng, split, kind) if kind in real else generated.draw(rng, split, kind)
    source.values["seed"] = rng.getrandbits(128)  # who knows the template cannot try them all
    return source


def _metric_name(source: Source, rng: random.Random) -> str:
    if source.kind == "counts":
        return "mae"  # a few large counts would decide the rmse
    if not source.labels:
        return rng.choice(["rmse", "rmse", "mae"])  # not r2: a weak start's is below 0, where AUP knows no ratio
    ranked = len(source.labels) == 2 and source.kind != "diabetes"  # there, weak methods rank as well as good ones
    if source.rare:
        return rng.choice(["balanced_accuracy", "f1_macro", *["roc_auc"] * ranked])
    return rng.choice(["accuracy", "accuracy", "balanced_accuracy", "f1_macro", "log_loss", *["roc_auc"] * ranked])


def _describe(source: Source, table: starters.Table, starter: starters.Starter, rng: random.Random) -> str:
    what = f"`{source.target}`"
    if table.labels:
        what += f" ({words.listed(table.labels) if len(table.labels) <= 5 else f'one of {len(table.labels)} classes'})"
    text = words.sentence(
        rng,
        "tabular",
        "problem",
        known=f"data/{table.train_csv}",
        unknown=f"data/{table.test_csv}",
        what=what,
        rows=source.rows,
        count=source.count,
    )
    if table.metric.ranks:
        text += f" Submit a score that is higher for {table.labels[1]}."
    elif table.probabilities:
        text += " Submit a probability for each class."
    second = words.sentence(
        rng,
        "tabular",
        "baseline",
        command=starter.command,
        method=starter.words,
        submission=table.submission,
        held=f"in {starter.settings_file}" if starter.settings_file else f"at the top of {starter.main}",
    )
    return f"{text} {second}"


def draft(identity: str, rng: random.Random, split: str) -> Draft:
    """One challenge. `identity` is the unique end of its id; `rng` decides everything else."""
    source = _source(rng, split)
    metric = get_metric(_metric_name(source, rng))
    train_csv, test_csv = rng.choice(words.TABLES[split])
    labels = sorted(source.labels)
    if metric.ranks:
        columns = [rng.choice(["score", class_columns("p", labels)[1]])]
    elif metric.kind == "probability":
        columns = list(class_columns("p", labels))
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
        counts=source.kind == "counts",
        rare=bool(source.rare),
        few_columns=source.few_columns,
    )
    known = [name for name in source.cores if labels or not starters.CORES[name].classes_only]
    starter = starters.make(rng.choice(known), table, rng, split)
    shared: dict[str, Any] = {
        "train_csv": train_csv,
        "test_csv": test_csv,
        "first": table.first,
        "labels": labels,
        "metric": metric,
        "probabilities": table.probabilities,
        "submission_columns": columns,
        "missing": source.values["missing"],
    }
    prepare = render(
        "tabular/prepare.py.j2",
        **{**source.values, **shared},
        kind=source.kind,
        target=source.target,
        columns=source.columns,
    )
    reference = render("tabular/reference.py.j2", **shared, submission=table.submission, log=table.counts)
    files = {f"workspace/{name}": text for name, text in starter.files.items()}
    files |= words.distractors(rng, split)
    files |= {"grader/prepare.py": prepare, "grader/reference/solution.py": reference}
    challenge = Challenge(
        id=f"{source.slug}-{metric.name.replace('_', '-')}-{identity}",
        title=source.title,
        topic=source.topic,
        domain=source.domain,
        description=_describe(source, table, starter, rng),
        split="heldout" if split == "heldout" else "train",
        dataset=source.dataset,
        submission=Submission(path=table.submission, kind="file", columns=columns),
        metric=Metric(name=metric.name, direction=metric.direction, worst=metric.worst, optimum=metric.optimum),
        baseline=Baseline(command=starter.command),
        reference=Reference(command="python solution.py"),
        budget=BUDGET,
        provenance=Provenance(author="procedural"),
    )
    return Draft(challenge, {name: text.encode() for name, text in files.items()})
