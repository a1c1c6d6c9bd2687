"""Topics: asked for in batches, spread over a taxonomy and over the tables that there are, none like another."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from synthgym.base.errors import UserError
from synthgym.base.seeds import rng
from synthgym.synthesis.language.answers import Unusable, read_json
from synthgym.synthesis.language.calls import TOPICS, Calls, Spent
from synthgym.synthesis.language.data.source import Offer
from synthgym.synthesis.language.prompts import asking, render
from synthgym.synthesis.language.proposal import Topics
from synthgym.synthesis.language.settings import GENERATED, HUB, Settings
from synthgym.synthesis.language.similarity import Distinct

BATCH = 10
_FUTILE = 4
"""Batches in a row without a new topic, all of one run, after which there are no more; the next run asks for others."""
_MOST_AVOIDED = 60
"""Topics that the model is told to keep away from: the latest."""

DOMAINS = (
    "agriculture and soil",
    "astronomy",
    "banking and credit",
    "biology and genetics",
    "chemistry and materials",
    "climate and weather",
    "construction and buildings",
    "e-commerce and retail",
    "ecology and wildlife",
    "education",
    "energy and power grids",
    "food and nutrition",
    "geology and earthquakes",
    "health care and hospitals",
    "human resources",
    "insurance",
    "language and texts",
    "law and public administration",
    "logistics and transport",
    "manufacturing and quality",
    "medicine and diagnosis",
    "music and audio",
    "networks and cyber security",
    "news and social media",
    "physics and instruments",
    "psychology and behaviour",
    "real estate and cities",
    "sensors and machines",
    "software and its faults",
    "sports",
    "tourism and mobility",
    "water and oceans",
)
TASKS = (
    "binary classification",
    "classification into several classes",
    "regression of an amount",
    "regression of a count",
    "ranking by a score for one class",
    "probabilities of classes",
    "forecasting from earlier values",
)
MODALITIES = ("a table of numbers and categories", "short texts", "measured signals as columns", "events over time")
SCALES = ("about a thousand rows", "some thousand rows", "tens of thousands of rows")
STRATEGIES = (
    "a strategy for a repeated game against hidden opponents",
    "a heuristic for a planning or packing problem with hidden instances",
    "a controller for a small simulated process",
    "a bidding, pricing or stock-keeping policy under uncertainty",
)
_STRATEGY_EVERY = 8
"""Of so many topics one is a strategy, where challenges may do without data."""


@dataclass(frozen=True)
class Topic:
    """What one candidate is to be about.

    Attributes:
        text: A sentence.
        domain: Its domain of the taxonomy; empty where the topic was given, or made for a table.
        spent: On the batch that it is the first of; nothing for the others.
        dataset: The data set that the model had in view; empty where there was none.
    """

    text: str
    domain: str = ""
    spent: Spent = field(default_factory=Spent)
    dataset: str = ""


@dataclass(frozen=True)
class _Cell:
    domain: str
    line: str
    offer: Offer | None = None


def topics(settings: Settings, calls: Calls, offers: Sequence[Offer] = ()) -> Iterator[Topic]:
    """Topics without end, or as many as were given.

    Args:
        settings: Of the author.
        calls: The model.
        offers: Data that can be listed: topics are asked for with it in view, each for one of its data sets. With the
            Hub beside it every other topic is of the taxonomy.

    Raises:
        ModelError: The endpoint failed.
        UserError: The model answers with nothing new, again and again.
    """
    if settings.topics:
        yield from (Topic(text) for text in settings.topics)
        return
    distinct = Distinct(settings.avoid)
    cells = _cells(settings, rng("topics", calls.seed), offers)
    taken: list[str] = []
    futile, problem = 0, ""
    for number in itertools.count():
        batch = list(itertools.islice(cells, BATCH))
        spent = Spent()
        avoided = [*settings.avoid, *taken[-_MOST_AVOIDED:]]
        seen = dict.fromkeys(cell.offer for cell in batch if cell.offer)
        text = render("topics", cells=[cell.line for cell in batch], taken=avoided, offers=seen)
        slot = f"{TOPICS}{number}"
        known = calls.on_file(slot)
        answer = calls.ask(slot, asking(text), spent, Topics)
        try:
            named = read_json(answer, Topics).topics
        except Unusable as error:
            named, problem = [], f"; its last answer could not be used: {error}"
        new = []
        for cell, topic in zip(batch, named, strict=False):
            topic = " ".join(topic.split())
            if topic and distinct.add(topic):
                taken.append(topic)
                new.append(Topic(topic, cell.domain, spent, cell.offer.name if cell.offer else ""))
                spent = Spent()
        yield from new
        futile = 0 if new else futile + (not known)
        if futile == _FUTILE:
            raise UserError(
                f"topics: {calls.model.where} named none that is new in {futile} batches, after {len(taken)}{problem}; "
                "the same command asks for others; widen --domain, or give topics with --topics FILE"
            )


def _cells(settings: Settings, random: random.Random, offers: Sequence[Offer]) -> Iterator[_Cell]:
    """Lines that topics are asked for: of the taxonomy, and of the data that there is, in turn where there is both."""
    taxonomy, tables = _of_taxonomy(settings, random), _of_tables(settings, random, offers)
    if not offers:
        yield from taxonomy
    while True:
        yield from itertools.islice(tables, 1 if HUB in settings.datasets else _STRATEGY_EVERY - 1)
        if {HUB, GENERATED} & set(settings.datasets):
            yield next(taxonomy)


def _of_tables(settings: Settings, random: random.Random, offers: Sequence[Offer]) -> Iterator[_Cell]:
    """Every data set once before one comes again, then with another task."""
    tasks = {offer.name: random.sample(TASKS, len(TASKS)) for offer in offers}
    for turn in itertools.count():
        for offer in random.sample(offers, len(offers)):
            domain = random.choice(settings.domains) if settings.domains else ""
            task = f"task: {tasks[offer.name][turn % len(TASKS)]}, or what its columns allow"
            yield _Cell(domain, f"{f'domain: {domain}; ' if domain else ''}data set: {offer.name}; {task}", offer)


def _of_taxonomy(settings: Settings, random: random.Random) -> Iterator[_Cell]:
    """Every domain once before one comes again."""
    domains = list(settings.domains or DOMAINS)
    for number in itertools.count():
        if number % len(domains) == 0:
            random.shuffle(domains)
        domain = domains[number % len(domains)]
        in_turn = number % _STRATEGY_EVERY == _STRATEGY_EVERY - 1
        if GENERATED in settings.datasets and (HUB not in settings.datasets or in_turn):
            yield _Cell(domain, f"domain: {domain}; task: {random.choice(STRATEGIES)}; no data")
            continue
        task, modality, scale = random.choice(TASKS), random.choice(MODALITIES), random.choice(SCALES)
        yield _Cell(domain, f"domain: {domain}; task: {task}; data: {modality}, {scale}")
