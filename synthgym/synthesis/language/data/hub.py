"""The catalogue of the Hugging Face Hub: data sets looked up, fetched at a pinned commit, read in a sandbox."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel

from synthgym.base.errors import HubRefused, UserError
from synthgym.registry.challenge import Dataset
from synthgym.registry.data import fetch
from synthgym.registry.hub.dataset_facts import DatasetUnfit, lookup
from synthgym.registry.hub.dataset_facts import search as search_hub
from synthgym.synthesis.language.data.source import Offer, Source, Unfit, folder_for_sandboxes, read_tables_once
from synthgym.synthesis.language.settings import Settings
from synthgym.synthesis.run import SynthesisRun

_NEAR = 8


class _Found(BaseModel):
    repo_id: str
    summary: str | None
    licence: str | None
    downloads: int


class _Facts(BaseModel):
    repo_id: str
    revision: str
    licence: str
    files: list[str]


class _Not(BaseModel):
    unfit: str
    text: str


class HubCatalogue:
    """See `synthgym.synthesis.language.data.source.Catalogue`. What the Hub said of a name is asked once in a run."""

    def __init__(self, settings: Settings, run: SynthesisRun) -> None:
        self.run = run
        self.most_bytes = int(settings.most_mb * 1e6)
        self.licences = settings.licences or None

    def offers(self) -> list[Offer]:
        """None: there are too many to list."""
        return []

    def notes_for_user(self) -> Iterable[str]:
        """Nothing: what is said of a data set of the Hub is said to the model."""
        return ()

    def search(self, words: str, slot: str) -> list[Offer]:
        """What a search of the Hub finds, as far as its licence is stated."""
        self.run.raise_if_paused()
        found: list[dict[str, Any]] = self.run.journal.once(
            f"search/{slot}", lambda: [asdict(each) for each in search_hub(words, 2 * _NEAR)], list[_Found]
        )
        return [
            Offer(
                each["repo_id"], f"{each['summary'] or 'no summary'} ({each['licence']}, {each['downloads']} downloads)"
            )
            for each in found
            if each["licence"]
        ][:_NEAR]

    def open(self, name: str, config: str | None) -> Source:
        """The data set of that name, with what is in its files."""
        self.run.raise_if_paused()
        key = f"hub/{name.lower()}@{config or ''}"
        facts: dict[str, Any] = self.run.journal.once(key, lambda: self._look_up(name, config), _Facts | _Not)
        if "unfit" in facts:
            raise Unfit(facts["unfit"], facts["text"])
        dataset = Dataset(
            source="huggingface",
            path=facts["repo_id"],
            config=config,
            revision=facts["revision"],
            files=facts["files"],
            licence=facts["licence"],
        )
        if f"tables/{key}" in self.run.journal:
            return Source(dataset, read_tables_once(None, {}, self.run, key))
        with folder_for_sandboxes() as folder:
            try:
                fetch(dataset, folder, folder / "files", name)
            except HubRefused as refused:
                if refused.for_all:
                    raise
                raise Unfit("gated" if refused.kind == "gated" else "missing", str(refused)) from None
            except UserError as error:
                raise Unfit("files", str(error)) from None
            return Source(dataset, read_tables_once(folder / "files", {}, self.run, key))

    def _look_up(self, name: str, config: str | None) -> dict[str, Any]:
        try:
            facts = lookup(name, self.most_bytes, self.licences, config)
        except DatasetUnfit as unfit:
            return {"unfit": unfit.kind, "text": str(unfit)}
        return {
            "repo_id": facts.repo_id,
            "revision": facts.revision,
            "licence": facts.licence,
            "files": [file.path for file in facts.files],
        }
