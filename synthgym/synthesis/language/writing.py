"""From a proposal to a challenge's spec and files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from synthgym.registry.challenge import (
    Baseline,
    Budget,
    Challenge,
    Dataset,
    Metric,
    Provenance,
    Reference,
    Submission,
)
from synthgym.registry.metrics import METRICS
from synthgym.synthesis.draft import Draft
from synthgym.synthesis.language.data.source import Source
from synthgym.synthesis.language.prompts import render
from synthgym.synthesis.language.proposal import Form, Proposal, form_of

_LEAST_SECONDS, _MOST_SECONDS = 10.0, 60.0
_PLACES = {
    "prepare.py": "grader/prepare.py",
    "evaluate.py": "grader/evaluate.py",
    "baseline.py": "workspace/baseline.py",
    "strategy.py": "workspace/strategy.py",
    "reference.py": "grader/reference/reference.py",
    "better_strategy.py": "grader/reference/strategy.py",
}
"""What the prompts call a file → where it is in the challenge's folder."""

FILE_PARTS = ("prepare.py", "baseline.py", "reference.py")
MODULE_PARTS = ("prepare.py", "evaluate.py", "strategy.py", "better_strategy.py")
_PROMPTS = {"strategy.py": "baseline", "better_strategy.py": "reference"}


@dataclass(frozen=True)
class Sheet:
    """What is being written: a proposal with its data."""

    topic: str
    proposal: Proposal
    source: Source | None

    @property
    def form(self) -> Form:
        """What is handed in."""
        return form_of(self.proposal, self.source)

    @property
    def parts(self) -> tuple[str, ...]:
        """The programs it takes, in the order in which they are written."""
        return FILE_PARTS if self.proposal.kind == "file" else MODULE_PARTS

    @property
    def seconds(self) -> float:
        """Processor seconds that a command may take."""
        return min(max(4 * self.proposal.cpu_seconds, _LEAST_SECONDS), _MOST_SECONDS)

    def prompt(self, part: str, files: dict[str, str]) -> str:
        """What the model is asked for one part, given those that are written."""
        name = _PROMPTS.get(part, part.removesuffix(".py"))
        limits = {"reference_seconds": int(self.seconds / 2), "prepare_seconds": int(Budget().prepare_cpu_seconds)}
        return render(name, **self._values(), files=files, **limits)

    def debug_prompt(self, files: dict[str, str], check: str, reason: str, earlier: list[str]) -> str:
        """What the model is asked when a check failed."""
        return render("debug", **self._values(), files=files, check=check, reason=reason, earlier=earlier)

    def _values(self) -> dict[str, Any]:
        form = self.form
        values = {
            "proposal": self.proposal,
            "topic": self.topic,
            "columns": list(form.columns),
            "direction": form.direction,
            "metric_kind": form.metric_kind,
            "positive": form.positive,
            "classes": dict(zip(form.columns, map(repr, form.classes), strict=False)),
            "tables": self.source.tables if self.source else (),
        }
        return {**values, "sheet": render("sheet", **values)}

    def challenge(
        self, identity: str, domain: str, split: Literal["train", "heldout"], provenance: Provenance
    ) -> Challenge:
        """The spec, without a description."""
        proposal, form = self.proposal, self.form
        is_file = proposal.kind == "file"
        known = METRICS.get(proposal.metric) if is_file else None
        return Challenge(
            id=f"{_slug(proposal.title)}-{identity}",
            title=" ".join(proposal.title.split()),
            topic=self.topic,
            domain=domain,
            description="(to be written)",
            split=split,
            dataset=self.source.dataset if self.source else Dataset(source="generated"),
            submission=Submission(
                path="predictions.csv" if is_file else "strategy.py", kind=proposal.kind, columns=list(form.columns)
            ),
            metric=Metric(
                name=proposal.metric,
                direction=form.direction,
                worst=known.worst if known else None,
                optimum=known.optimum if known else None,
            ),
            baseline=Baseline(command="python baseline.py" if is_file else "true"),
            reference=Reference(
                command="python reference.py" if is_file else "true", by=provenance.model or provenance.author
            ),
            budget=Budget(command_cpu_seconds=self.seconds, episode_cpu_seconds=10 * self.seconds),
            provenance=provenance,
        )

    def draft(self, challenge: Challenge, files: dict[str, str]) -> Draft:
        """The challenge with its files."""
        bodies = {_PLACES[name]: text.encode() for name, text in files.items()}
        data = {path: file.read_bytes() for path, file in (self.source.files if self.source else {}).items()}
        return Draft(challenge, {**bodies, **data})


def _slug(title: str) -> str:
    words = re.findall(r"[a-z0-9]+", title.lower())
    return "-".join(words)[:40].strip("-") or "challenge"
