"""Checks of the files that an agent is given, as one job for a process with limits: tables are read once for all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthgym.registry.challenge import Challenge
from synthgym.synthesis.leaks.telling_columns import Hidden
from synthgym.synthesis.report import Report
from synthgym.synthesis.tables.tables import read_tables
from synthgym.synthesis.verification.check import Check


@dataclass(frozen=True)
class CheckFiles:
    """A job.

    Attributes:
        checks: Those to do; see `synthgym.synthesis.verification.check`.
        challenge: The challenge.
        workspace: What an agent starts with, on the host.
        private: What `prepare.py` hid.
        hidden: The labels; None for a module.
        told: What an agent is told besides.
    """

    checks: tuple[Check, ...]
    challenge: Challenge
    workspace: Path
    private: Path
    hidden: Hidden | None
    told: str

    def __call__(self) -> list[str]:
        """The checks that were passed."""
        report = Report(self.challenge.id)
        known: dict[str, Any] = {
            "report": report,
            "challenge": self.challenge,
            "workspace": self.workspace,
            "private": self.private,
            "told": self.told,
        }
        if self.hidden is not None:
            known |= {
                "hidden": self.hidden,
                "answer": self.challenge.submission.columns,
                "tables": read_tables(self.workspace, len(self.hidden)),
                "labels": (self.private / "labels.csv").read_bytes(),
            }
        for check in self.checks:
            check(known)
        return report.passed
