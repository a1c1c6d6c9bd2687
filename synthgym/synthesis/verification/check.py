"""What a check is: a function that asks for what it looks at by the names of its parameters, and a row that names it.

The names are `report`, which every check has, and

- `folder`, `suite`, `challenge`: before anything is run;
- `sandbox`, `prepared`, `grader`, and of a table `hidden`: once its data is made;
- `box`, a running sandbox as an agent has it, and `measured`: once starter and reference were scored;
- `workspace`, `private`, `briefing`, and of a table `tables`, `labels`, `hidden`, `answer`: in one that is `isolated`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from synthgym.registry.challenge import Challenge
from synthgym.synthesis.leaks.hidden_labels import HiddenLabels
from synthgym.synthesis.report import Report
from synthgym.synthesis.tables.tables import read_tables

Step = Literal["read", "run", "try"]
"""When: before anything is run; in sandboxes; in episodes of an agent."""


@dataclass(frozen=True)
class Check:
    """A step of verification.

    Attributes:
        run: Does it; what its parameters can be, says the module. Raises `CheckFailed`.
        fails: The names under which a challenge fails it, several with commas between them, and when it does.
        also: Names that another row explains.
        step: When it is done.
        kind: Of the submissions that it is for; None for all.
        isolated: Whether it reads files that a stranger's programs made: it is then done in a process of its own.
        gives: What its result is to the checks after it; several names for a tuple.
    """

    run: Callable[..., Any]
    fails: Mapping[str, str]
    also: tuple[str, ...] = ()
    step: Step = "run"
    kind: Literal["file", "module"] | None = None
    isolated: bool = False
    gives: tuple[str, ...] = ()
    needs: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Notes what it looks at."""
        object.__setattr__(self, "needs", tuple(inspect.signature(self.run).parameters))

    def __call__(self, known: dict[str, Any]) -> None:
        """Does it with what is known of a challenge, and adds what it gives."""
        result = self.run(**{name: known[name] for name in self.needs})
        if self.gives:
            known.update(zip(self.gives, result if len(self.gives) > 1 else [result], strict=True))

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which a challenge can fail it."""
        return (*(name for names in self.fails for name in names.split(", ")), *self.also)


@dataclass(frozen=True)
class CheckFiles:
    """Isolated checks of the files that an agent is given, as one job: tables are read once for all of them.

    Attributes:
        checks: Those to do.
        challenge: The challenge.
        workspace: What an agent starts with, on the host.
        private: What `prepare.py` hid.
        hidden: The labels; None for a module.
        briefing: What an agent is told besides.
    """

    checks: tuple[Check, ...]
    challenge: Challenge
    workspace: Path
    private: Path
    hidden: HiddenLabels | None
    briefing: str

    def __call__(self) -> list[str]:
        """The checks that were passed."""
        report = Report(self.challenge.id)
        known: dict[str, Any] = {
            "report": report,
            "challenge": self.challenge,
            "workspace": self.workspace,
            "private": self.private,
            "briefing": self.briefing,
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
