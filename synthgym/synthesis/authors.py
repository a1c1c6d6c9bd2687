"""What an author of challenges does, and authors by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from synthgym.base.errors import UserError
from synthgym.synthesis.ledger import Entry
from synthgym.synthesis.run import SynthesisRun

if TYPE_CHECKING:
    from synthgym.synthesis.recipe import Recipe, Running

MODEL_PREFIXES = ("openai:", "chat:")
"""Before a model's name; the second as agents are named."""


class Author(Protocol):
    """Writes the challenges of a run, one for each idea, and has them verified."""

    def at_once(self, jobs: int) -> int:
        """How many candidates should be under way, so that `jobs` verifications always have something to do."""

    def ideas(self) -> Iterator[Any]:
        """What the candidates are about, in their order: the same at every run."""

    def make(self, index: int, idea: Any) -> list[Entry]:
        """Makes a candidate and has it verified; an accepted one is in the collection on return.

        What would cost money or time again goes through the run's journal, so that the same call after a kill finds it
        there.

        Returns:
            Its lines of the ledger; the last says what became of it.

        Raises:
            InfrastructureError: It could not be finished, which is not its fault; another run tries again.
            Paused: The run stops here for now.
        """


def author_for(recipe: Recipe, running: Running) -> Callable[[SynthesisRun], Author]:
    """The author that a recipe names: a function that opens it for a run.

    Raises:
        UserError: There is none of that name, or a setting is wrong.
    """
    if recipe.author == "procedural":
        from synthgym.synthesis.procedural import ProceduralAuthor

        return partial(ProceduralAuthor, seed=recipe.seed, split=recipe.split, families=recipe.families)
    if recipe.author.startswith(MODEL_PREFIXES):
        from synthgym.synthesis.language.author import LanguageAuthor

        return LanguageAuthor.prepared(recipe, running)
    raise UserError(
        "author: expected procedural, or openai:MODEL with or without @BASE_URL, as in openai:gpt-5; "
        f"got {recipe.author!r}"
    )
