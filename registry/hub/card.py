"""The card of a collection on the Hugging Face Hub: what is in it, where its data comes from, how hard it is."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.util import find_spec

import yaml

from synthgym.registry.challenge import Challenge
from synthgym.registry.collections.info import CollectionInfo

CARD_FILE = "README.md"
FIGURE_FILE = "card/gain.png"

_MOST_ROWS = 500
LICENCES_OF_THE_HUB = ("apache-2.0", "mit", "bsd", "cc", "odbl", "odc-by", "pddl", "unlicense", "cdla", "etalab-2.0")
_COLOURS = {"train": "#0072B2", "heldout": "#D55E00"}


def make_card(
    info: CollectionInfo, challenges: Sequence[Challenge], repo_id: str, with_references: bool
) -> dict[str, bytes]:
    """The card's files by their paths in the repository: the text and, where matplotlib is installed, a figure.

    Args:
        info: The collection's title, namespace and version.
        challenges: What is in it.
        repo_id: Where it will be.
        with_references: Whether reference solutions are published with it.
    """
    files = {}
    figure = _figure(challenges)
    if figure is not None:
        files[FIGURE_FILE] = figure
    parts = [
        _front_matter(info, challenges),
        f"# {cell(info.title)}\n\nVersion {cell(info.version)}: {len(challenges)} machine-learning challenges for "
        "[Gymnasium](https://gymnasium.farama.org) environments, made with synthgym.\n",
        _use(info, challenges, repo_id),
        _counts(challenges),
        _sources(challenges),
        _published(with_references),
        _calibration(challenges, figure is not None),
    ]
    files[CARD_FILE] = "\n".join(parts).encode()
    return files


def gain_in_noises(challenge: Challenge) -> float | None:
    """By how many times the noise the reference beats the baseline; None before verification, or without noise."""
    mean, best, noise = challenge.baseline.mean, challenge.reference.score, challenge.noise
    if mean is None or best is None or not noise:
        return None
    return (best - mean if challenge.metric.direction == "higher" else mean - best) / noise


def _front_matter(info: CollectionInfo, challenges: Iterable[Challenge]) -> str:
    """The Hub checks the names of licences; one that it may not know is told as ``other``."""
    stated = sorted(
        {_licence(challenge).lower() for challenge in challenges if challenge.dataset.source != "generated"}
    )
    licences = sorted({each if each.startswith(LICENCES_OF_THE_HUB) else "other" for each in stated})
    head: dict[str, object] = {"pretty_name": info.title, "tags": ["synthgym", "reinforcement-learning", "gymnasium"]}
    if licences:
        head["license"] = licences[0] if len(licences) == 1 else licences
    head["viewer"] = False  # there are programs and specs here, and no table that the viewer could show
    return f"---\n{yaml.safe_dump(head, sort_keys=False, allow_unicode=True)}---\n"


def _use(info: CollectionInfo, challenges: Sequence[Challenge], repo_id: str) -> str:
    first = f"{info.namespace}/{challenges[0].env_name()}"
    return (
        "```python\nimport gymnasium as gym\nimport synthgym\n\n"
        f'synthgym.register("hf://{repo_id}")  # "hf://{repo_id}@COMMIT" stays the same when this is changed\n'
        f'env = gym.make("{first}")\n```\n\n'
        "The programs in it run in sandboxes only, without network.\n"
    )


def _counts(challenges: Sequence[Challenge]) -> str:
    lines = ["## What is in it\n"]
    for title, names in (
        ("split", [each.split for each in challenges]),
        ("kind of submission", [each.submission.kind for each in challenges]),
        ("metric", [each.metric.name for each in challenges]),
    ):
        counts = sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))
        lines.append(table((title, "challenges"), [(name, str(count)) for name, count in counts]))
    unverified = sum(not each.verified for each in challenges)
    if unverified:
        lines.append(f"{unverified} of them are not verified: no baseline and reference were measured.\n")
    return "\n".join(lines)


def _sources(challenges: Iterable[Challenge]) -> str:
    counts = Counter((_source(each), _licence(each)) for each in challenges)
    rows = [(source, licence, str(count)) for (source, licence), count in sorted(counts.items())]
    return "## Where the data comes from\n\n" + table(("source", "licence", "challenges"), rows)


def _source(challenge: Challenge) -> str:
    data = challenge.dataset
    if data.source == "huggingface":
        return f"[{data.path}](https://huggingface.co/datasets/{data.path}/tree/{data.revision})"
    if data.source == "sklearn":
        return f"scikit-learn: {', '.join(sorted(data.files))}"
    return "generated" if data.source == "generated" else "in this collection"


def _licence(challenge: Challenge) -> str:
    if challenge.dataset.licence:
        return challenge.dataset.licence
    return {"sklearn": "as distributed with scikit-learn", "generated": "generated"}.get(
        challenge.dataset.source, "not stated"
    )


def _published(with_references: bool) -> str:
    text = (
        "## What is published\n\nSpecs, starters and graders. Hidden labels are not in it, but graders "
        "make them from the data: who reads or runs a grader can know them."
    )
    if with_references:
        return f"{text} **The reference solutions are in it**, under `grader/reference/`.\n"
    return f"{text} Reference solutions are left out; `grader/reference.sha256` states which they are.\n"


def _calibration(challenges: Sequence[Challenge], figure: bool) -> str:
    rows = []
    for each in challenges[:_MOST_ROWS]:
        gain, rate = gain_in_noises(each), each.calibration.solve_rate
        rows.append(
            (
                each.id,
                each.metric.name,
                _number(each.baseline.mean),
                _number(each.reference.score),
                _number(each.noise),
                _number(gain),
                _number(rate),
            )
        )
    header = ("challenge", "metric", "baseline", "reference", "noise", "gain", "solve rate")
    text = (
        "## How hard it is\n\nThe baseline is the starter as it stands; the gain is that of the reference over it, in "
        "noises; the solve rate is the share of attempts that beat the baseline, where it was measured.\n\n"
    )
    if figure:
        text += f"![Gain of the reference over the baseline]({FIGURE_FILE})\n\n"
    left = len(challenges) - len(rows)
    return text + table(header, rows) + (f"\nand {left} more.\n" if left > 0 else "")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cell(each) for each in line)} |\n" for line in lines)


def cell(text: str) -> str:
    """Text on one line that ends no cell and begins no markup; it may come from a model."""
    line = " ".join(text.split())
    return line.replace("&", "&amp;").replace("<", "&lt;").replace("|", "&#124;").replace("`", "&#96;")


def _figure(challenges: Iterable[Challenge]) -> bytes | None:
    """A histogram as PNG; nothing where there is nothing to show, or no matplotlib (extra ``report``)."""
    gains = {split: [gain_in_noises(each) for each in challenges if each.split == split] for split in _COLOURS}
    shown = {split: [gain for gain in found if gain is not None and gain > 0] for split, found in gains.items()}
    if not any(shown.values()) or find_spec("matplotlib") is None:
        return None
    import numpy as np
    from matplotlib.figure import Figure

    every = [gain for found in shown.values() for gain in found]
    bins = np.geomspace(min(every) / 1.1, max(every) * 1.1, 31)
    figure = Figure(figsize=(6, 3), layout="constrained")
    axes = figure.add_subplot()
    axes.hist(list(shown.values()), bins=bins.tolist(), stacked=True, label=list(shown), color=list(_COLOURS.values()))
    axes.set_xscale("log")
    axes.set_xlabel("gain of the reference over the baseline, in noises")
    axes.set_ylabel("challenges")
    axes.legend(frameon=False)
    target = io.BytesIO()
    figure.savefig(target, format="png", dpi=120, metadata={"Software": None})
    return target.getvalue()
