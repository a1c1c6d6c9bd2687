"""What the synthesis pipeline takes for itself, without sandboxes and without the model."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from timing import Row

sys.path.insert(0, str(Path(__file__).parent.parent / "synthesis" / "parts"))
sys.path.insert(0, str(Path(__file__).parent.parent / "agents" / "parts"))

from author_model import AuthorModel
from endpoint import Endpoint
from forty import GOOD
from stories import table

from synthgym.agents.endpoint.endpoint import Endpoint as Where
from synthgym.base.files.journal import Journal
from synthgym.synthesis.authors import Author, author_for
from synthgym.synthesis.engines import InThisProcess
from synthgym.synthesis.language.author import LanguageAuthor
from synthgym.synthesis.language.endpoint import AuthorSettings
from synthgym.synthesis.language.settings import Settings
from synthgym.synthesis.recipe import Recipe, Running
from synthgym.synthesis.run import SynthesisRun

Value = TypeVar("Value")


class Timed:
    """Adds up the time of calls."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, function: Callable[..., Value]) -> Callable[..., Value]:
        """The function, timed."""

        def timed(*arguments: Any, **named: Any) -> Value:
            started = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                self.seconds += time.perf_counter() - started

        return timed


def rows(count: int = 8) -> Iterator[Row]:
    """One figure for each author."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        stories = [story for story in GOOD if story.kind != "module" and not story.breaks][:count]
        for story in stories:
            (data / f"{story.dataset.partition('/')[2]}.csv").write_bytes(table(story))
        files = {story.dataset: f"{story.dataset.partition('/')[2]}.csv" for story in stories}
        names = {story: files[story.dataset] for story in stories}

        def answer(request: dict[str, Any]) -> Any:
            given = model(request)
            message = given.body["choices"][0]["message"]
            for story, name in names.items():
                message["content"] = message["content"].replace(json.dumps(story.dataset), json.dumps(name))
            return given

        model = AuthorModel(stories)
        with Endpoint(answer) as endpoint:
            settings = Settings(attempts=0, datasets=(str(data),), topics=tuple(story.topic for story in stories))
            recipe = Recipe(seed=3, namespace="b", author="openai:writer", settings=settings)
            running = Running(endpoint=Where("writer", endpoint.url, AuthorSettings()))
            yield measured("a model's candidate", author_for(recipe, running), Path(folder) / "one", len(stories))
    with tempfile.TemporaryDirectory() as folder:
        author = author_for(Recipe(seed=3, namespace="b"), Running())
        yield measured("a procedural candidate", author, Path(folder) / "two", count)


def measured(what: str, open_author: Callable[[SynthesisRun], Author], out: Path, count: int) -> Row:
    """The pipeline's own milliseconds a candidate."""
    out.mkdir()
    sandboxed, asked = Timed(), Timed()
    engine = InThisProcess()
    engine.call = sandboxed.around(engine.call)  # type: ignore[method-assign]
    accepted = 0
    with closing(Journal(out / "journal")) as journal:
        author = open_author(SynthesisRun(out, journal, engine, "bubblewrap"))
        if isinstance(author, LanguageAuthor):
            author.calls.model.complete = asked.around(author.calls.model.complete)  # type: ignore[method-assign]
        started = time.perf_counter()
        for index, idea in zip(range(count), author.ideas(), strict=False):
            accepted += author.make(index, idea)[-1].outcome == "accepted"
        total = time.perf_counter() - started
    own = (total - sandboxed.seconds - asked.seconds) / count * 1e3
    shown = f"pipeline, {what} ({accepted} of {count})"
    return shown, f"{own:.1f} ms", f"{total / count * 1e3:.0f} ms", "of all it took", "≤ 50 ms"
