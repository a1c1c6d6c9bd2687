"""The author of a run that is a model: its ideas, and one `Candidate` for each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from synthgym.agents.specs import parse_spec
from synthgym.base.errors import UserError
from synthgym.base.validation import explain
from synthgym.synthesis.bench import Bench
from synthgym.synthesis.language.calls import Calls, Limits
from synthgym.synthesis.language.candidate import Candidate
from synthgym.synthesis.language.data.catalogues import catalogues
from synthgym.synthesis.language.data.source import Catalogue
from synthgym.synthesis.language.endpoint import read_author
from synthgym.synthesis.language.settings import GENERATED, HUB, Settings
from synthgym.synthesis.language.topics import Topic, topics
from synthgym.synthesis.ledger import Entry
from synthgym.synthesis.procedural import split_of
from synthgym.synthesis.twins import Twins

if TYPE_CHECKING:
    from synthgym.synthesis.pipeline import Recipe, Running

_WAITING = 4
"""Candidates under way for each verification that there is room for: most of them wait for the model."""


class LanguageAuthor:
    """See `synthgym.synthesis.authors.Author`.

    Attributes:
        name: As challenges state it.
        settings: What decides its challenges.
        calls: The model.
        catalogues: Where data comes from.
        split: That all challenges are made for; None: one in four is held out.
        seed: Decides everything random.
        twins: Its candidates, told apart.
    """

    def __init__(
        self, name: str, settings: Settings, calls: Calls, split: Literal["train", "heldout"] | None, seed: int
    ) -> None:
        self.name, self.settings, self.calls, self.split, self.seed = name, settings, calls, split, seed
        self.twins = Twins()
        self.catalogues: list[Catalogue] = catalogues(settings)
        if not self.catalogues and GENERATED not in settings.datasets:
            raise UserError("--datasets: expected hub, sklearn, generated, or a folder; got none")

    @classmethod
    def open(cls, recipe: Recipe, running: Running) -> LanguageAuthor:
        """The author of a recipe.

        Raises:
            UserError: A setting is wrong, or a folder of data sets is not there.
        """
        endpoint = running.endpoint or read_author(recipe.author)
        own = {name: value for name, value in recipe.settings.items() if name in Settings.model_fields}
        try:
            settings = Settings.model_validate(own)
        except ValidationError as error:
            raise UserError(explain(error, "settings")) from None
        agent = parse_spec(settings.agent)
        if running.most_cost is not None and endpoint.settings.price() is None:
            raise UserError(
                "--max-cost: the model's price is not known; give it in US dollars per million tokens, as in "
                f"--author 'openai:{endpoint.model}?price_prompt=1.25&price_completion=10', or give --max-tokens"
            )
        asked = agent.endpoint if settings.attempts else None
        if running.most_cost is not None and asked and asked.settings.price() is None:
            raise UserError(
                f"--max-cost: the price of the model of --agent {agent.name!r} is not known; give it as in "
                "'chat:MODEL@BASE_URL?price_prompt=1&price_completion=4' (0 for one that costs nothing)"
            )
        calls = Calls(endpoint.open(), recipe.seed, Limits(running.most_cost, running.most_tokens))
        if recipe.split not in (None, "train", "heldout"):
            raise UserError(f"split: expected train, heldout or none, got {recipe.split!r}")
        return cls(recipe.author.partition(":")[0], settings, calls, recipe.split, recipe.seed)  # type: ignore[arg-type]

    def at_once(self, jobs: int) -> int:
        """Several for each job: most of them wait for the model."""
        return _WAITING * jobs

    def ideas(self, bench: Bench) -> Iterator[Topic]:
        """Topics, of the data that there is, where that can be listed; what was understood of it is told first."""
        for each in self.catalogues:
            for line in each.told(bench):
                bench.say(line)
        offers = [offer for each in self.catalogues for offer in each.offers(bench)]
        if self.catalogues and not offers and not {HUB, GENERATED} & set(self.settings.datasets):
            raise UserError("--datasets: none of the files can be used as a table; see above")
        yield from topics(self.settings, self.calls, bench, offers)

    def make(self, index: int, idea: Topic, bench: Bench) -> list[Entry]:
        """Proposes, writes, verifies and debugs one candidate."""
        date = bench.journal.once("date", lambda: datetime.now(UTC).date().isoformat(), str)
        accepted = False
        try:
            entries = Candidate(self, index, idea, bench, date, self.split or split_of(index)).make()
            accepted = entries[-1].outcome == "accepted"
        finally:
            self.twins.ended(index, accepted)
        return entries
