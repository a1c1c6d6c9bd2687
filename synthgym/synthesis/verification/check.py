"""What a check is: a function that asks for what it looks at by the names of its parameters, and a row that names it.

The names are `report`, which every check has, and

- `folder`, `suite`, `challenge`: before anything is run;
- `sandbox`, `prepared`, `grader`, and of a table `hidden`: once its data is made;
- `box`, a running sandbox as an agent has it, and `measured`: once starter and reference were scored;
- `workspace`, `private`, `told`, and of a table `tables`, `labels`, `hidden`, `answer`: in a check that is `isolated`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

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
