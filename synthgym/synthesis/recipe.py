"""What a synthesis is asked for: the recipe that decides its challenges, and how to go about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from synthgym.base.errors import UnknownNameError, UserError
from synthgym.synthesis.candidate_numbers import SPLITS, Split
from synthgym.synthesis.language.settings import Settings

if TYPE_CHECKING:
    from synthgym.agents.endpoint.endpoint import Endpoint
    from synthgym.synthesis.language.endpoint import AuthorSettings


@dataclass(frozen=True)
class Recipe:
    """What decides a collection. Two runs with equal recipes make equal challenges, a model's answers being equal.

    Attributes:
        author: ``procedural``, or ``openai:MODEL``; see `synthgym.synthesis.authors`.
        seed: Decides everything random, up to `synthgym.base.seeds.MOST_SEED`. What the procedural author hides is
            known to whoever knows it, and a short one can be guessed.
        namespace: Of the collection.
        split: ``train``, ``heldout``, or None for both, by the author's choice.
        families: Names of the procedural author's families; empty for all.
        settings: Of an author that is a model; None for the defaults.

    Raises:
        UserError: There is no such split or family, or the author has no use for what is set.
    """

    seed: int
    namespace: str
    author: str = "procedural"
    split: Split | None = None
    families: tuple[str, ...] = ()
    settings: Settings | None = None

    def __post_init__(self) -> None:
        """Refuses what no author could work by, before anything is begun."""
        if self.split is not None and self.split not in SPLITS:
            raise UnknownNameError("split", self.split, SPLITS)
        if self.settings is not None and not isinstance(self.settings, Settings):
            raise UserError(
                "settings: expected synthgym.synthesis.language.settings.Settings, as in Settings(rounds=2); "
                f"got {type(self.settings).__name__}"
            )
        if self.author != "procedural":
            if self.families:
                raise UserError(f"families: only the procedural author has families; the author is {self.author!r}")
            return
        if self.settings is not None:
            raise UserError("settings: only for an author that is a model; the author is 'procedural'")
        from synthgym.synthesis.families import FAMILIES

        for name in self.families:
            if name not in FAMILIES:
                raise UnknownNameError("family", name, FAMILIES)


@dataclass(frozen=True)
class Running:
    """How a run goes about it, which decides nothing of what comes of it.

    Attributes:
        jobs: Verifications at once.
        candidates: Candidates under way at once; None: one for each job, or four where a model has to be waited for.
        engine: Where verifications run: ``processes``, or ``ray``.
        sandbox: Backend for all that is run.
        endpoint: The model, for an author that is one; None: as the recipe's `author` names it.
        most_cost: US dollars after which no more calls of a model are made; all that was spent on the folder counts.
        most_tokens: The same in tokens.
    """

    jobs: int = 1
    candidates: int | None = None
    engine: str = "processes"
    sandbox: str = "auto"
    endpoint: Endpoint[AuthorSettings] | None = None
    most_cost: float | None = None
    most_tokens: int | None = None
