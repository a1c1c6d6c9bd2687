"""What verification asks of the files an agent is given, as jobs for a process apart (`apart`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from synthgym.registry.challenge import Challenge
from synthgym.synthesis.leaks.leaks import check_instances, check_leaks
from synthgym.synthesis.leaks.telling_columns import Hidden
from synthgym.synthesis.report import Report
from synthgym.synthesis.tables.tables import read_tables
from synthgym.synthesis.verification.filters import check_target


@dataclass(frozen=True)
class LookAtTables:
    """Whether the target is one, and whether anything gives it away; see `check_target` and `check_leaks`."""

    challenge: Challenge
    workspace: Path
    labels: Path
    hidden: Hidden
    told: str

    def __call__(self) -> list[str]:
        """The checks that were passed."""
        report, answer = Report(self.challenge.id), self.challenge.submission.columns
        tables = read_tables(self.workspace, len(self.hidden))
        check_target(report, self.challenge, self.hidden, tables)
        check_leaks(report, self.workspace, tables, self.labels.read_bytes(), self.hidden, answer, self.told)
        return report.passed


@dataclass(frozen=True)
class LookAtInstances:
    """Whether what a module is scored on lies open; see `check_instances`."""

    name: str
    workspace: Path
    private: Path

    def __call__(self) -> list[str]:
        """The checks that were passed."""
        report = Report(self.name)
        check_instances(report, self.workspace, self.private)
        return report.passed
