"""The author of a run that is a model: its ideas, and one `Candidate` for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from synthgym.agents.endpoint.model import Model
from synthgym.agents.specs import parse_spec
from synthgym.base.errors import UserError
from synthgym.synthesis.candidate_numbers import Split, split_of
from synthgym.synthesis.language.calls import Calls, Limits
from synthgym.synthesis.language.candidate import Candidate
from synthgym.synthesis.language.data.catalogues import check_datasets, open_catalogues
from synthgym.synthesis.language.data.source import Catalogue
from synthgym.synthesis.language.endpoint import read_author
from synthgym.synthesis.language.settings import GENERATED, HUB, Settings
from synthgym.synthesis.language.topics import Topic, topics
from synthgym.synthesis.ledger import Entry
from synthgym.synthesis.run import SynthesisRun
from synthgym.synthesis.twins import Twins

if TYPE_CHECKING:
    from synthgym.synthesis.recipe import Recipe, Running

_WAITING = 4
"""Candidates under way for each verification that there is room for: most of them wait for the model."""


class LanguageAuthor:
    """See `synthgym.synthesis.authors.Author`.

    Attributes:
        run: What it works for.
        name: As challenges state it.
        settings: What decides its challenges.
        calls: The model.
        catalogues: Where data comes from.
        split: That all challenges are made for; None: one in four is held out.
        seed: Decides everything random.
        twins: Its candidates, told apart.
    """

    def __init__(self, run: SynthesisRun, recipe: Recipe, settings: Settings, model: Model, limits: Limits) -> None:
        self.run, self.settings = run, settings
        self.name, self.seed = recipe.author.partition(":")[0], recipe.seed
        self.split: Split | None = recipe.split
        self.calls = Calls(run, model, recipe.seed, limits)
        self.catalogues: list[Catalogue] = open_catalogues(settings, run)
        self.twins = Twins(run)

    @classmethod
    def prepared(cls, recipe: Recipe, running: Running) -> Callable[[SynthesisRun], LanguageAuthor]:
        """The author of a recipe, as a function that opens it for a run.

        Raises:
            UserError: A setting is wrong, or a folder of data sets is not there.
        """
        endpoint = running.endpoint or read_author(recipe.author)
        settings = recipe.settings or Settings()
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
        check_datasets(settings)
        limits = Limits(running.most_cost, running.most_tokens)
        return partial(cls, recipe=recipe, settings=settings, model=endpoint.open(), limits=limits)

    def at_once(self, jobs: int) -> int:
        """Several for each job: most of them wait for the model."""
        return _WAITING * jobs

    def ideas(self) -> Iterator[Topic]:
        """Topics, of the data that there is, where that can be listed; what was understood of it is told first."""
        for each in self.catalogues:
            for line in each.notes_for_user():
                self.run.say(line)
        offers = [offer for each in self.catalogues for offer in each.offers()]
        if self.catalogues and not offers and not {HUB, GENERATED} & set(self.settings.datasets):
            raise UserError("--datasets: none of the files can be used as a table; see above")
        yield from topics(self.settings, self.calls, offers)

    def make(self, index: int, idea: Topic) -> list[Entry]:
        """Proposes, writes, verifies and debugs one candidate."""
        date = self.run.journal.once("date", lambda: datetime.now(UTC).date().isoformat(), str)
        accepted = False
        try:
            entries = Candidate(self, index, idea, date, self.split or split_of(index)).make()
            accepted = entries[-1].outcome == "accepted"
        finally:
            self.twins.ended(index, accepted)
        return entries
