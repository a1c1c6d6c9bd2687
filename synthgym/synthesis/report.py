"""What verification found out about one challenge."""

from __future__ import annotations

from dataclasses import dataclass, field

from synthgym.base.errors import SynthgymError


class CheckFailed(SynthgymError):
    """A challenge is not what it has to be. Ends its verification; the challenge is kept out, with this reason."""

    def __init__(self, check: str, reason: str) -> None:
        self.check, self.reason = check, reason
        super().__init__(f"{check}: {reason}")


@dataclass
class Report:
    """How the verification of one challenge went.

    Attributes:
        id: The challenge's.
        passed: The checks it passed, in order.
        failed: The check it failed, or None.
        reason: Why, or None.
        measured: Baseline mean and sd, noise, reference score, where it came that far.
        calibration: How hard it proved to be, where an agent tried it; see `synthgym.registry.challenge.Calibration`.
        note: What was written in the place of scores that were there and do not hold; None where there were none.
        seconds: Wall-clock time.
    """

    id: str
    passed: list[str] = field(default_factory=list)
    failed: str | None = None
    reason: str | None = None
    measured: dict[str, float] = field(default_factory=dict)
    calibration: dict[str, float | None] | None = None
    note: str | None = None
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether every check was passed."""
        return self.failed is None

    def require(self, check: str, holds: bool, reason: str) -> None:
        """Notes a check that holds; else ends the verification.

        Raises:
            CheckFailed: It does not hold.
        """
        if not holds:
            raise CheckFailed(check, reason)
        if check not in self.passed:
            self.passed.append(check)
