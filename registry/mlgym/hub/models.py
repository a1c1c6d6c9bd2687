"""Models of the Hugging Face Hub that a task's code loads by name, from this machine's cache; nothing is downloaded.

A workspace gets a folder of the name, which `from_pretrained` takes before it asks the Hub: text files and weights as
safetensors. Nothing that could run code when it is loaded goes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from synthgym.base.errors import HubRefused, SpecError
from synthgym.registry.files import link_or_copy
from synthgym.registry.hub.access import check_name
from synthgym.registry.hub.cache import Snapshot, cached, download_command
from synthgym.registry.mlgym.evaluators import evaluator_of, starter_files
from synthgym.registry.mlgym.hub.names import Loaded, loaded_by
from synthgym.registry.mlgym.table import TABLE_VARIABLE, Row
from synthgym.registry.mlgym.tasks import Task

MOST_BYTES = 1 << 30
"""Of all models of a task together."""

_TEXTS = (".json", ".txt", ".model", ".jinja")
_WEIGHTS = ".safetensors"
_MOST_TEXT_BYTES = 64 << 20  # of one file; a tokenizer's vocabulary has a few
_OWNERS = {
    "albert-": "albert",
    "bert-": "google-bert",
    "distilbert-": "distilbert",
    "distilgpt2": "distilbert",
    "distilroberta-": "distilbert",
    "gpt2": "openai-community",
    "roberta-": "FacebookAI",
    "t5-": "google-t5",
    "xlm-roberta-": "FacebookAI",
}
"""Beginnings of names from before models had owners → who owns them now; the Hub leads from the old to the new."""


@dataclass(frozen=True)
class HubModel:
    """A model in the cache.

    Attributes:
        name: What the task's code calls it.
        snapshot: Where it is.
        texts: Its configuration, vocabulary and the like.
        weights: Its weights.
        evaluated: Whether the evaluator loads its weights too.
    """

    name: str
    snapshot: Snapshot
    texts: list[str]
    weights: list[str]
    evaluated: bool

    def lay(self, folder: Path, weights: bool) -> None:
        """Puts it into a workspace, as links of this file system where that can be: weights may be large."""
        target = folder / self.name
        target.mkdir(parents=True)
        for file in [*self.texts, *(self.weights if weights else ())]:
            link_or_copy(self.snapshot.folder / file, target / file)


def hub_models(task: Task, row: Row) -> list[HubModel]:
    """The models that a task needs, all of which are here.

    Raises:
        SpecError: One is not; says which, and what to do.
    """
    if task.made:
        return []
    starter = starter_files(task)
    loaded = loaded_by(starter)
    there = {"data"} | {path.name for path in starter}
    if row.models is None:
        own = there | loaded.made
        names = sorted(name for name in loaded.models | loaded.texts if _is_hubs(name, own))
    else:
        names = sorted(set(row.models))
        if clash := [name for name in names if PurePosixPath(name).parts[:1] and PurePosixPath(name).parts[0] in there]:
            raise SpecError(f"its model is called {clash[0]}, and so is something else in its workspace")
    if not names:
        return []
    evaluator = loaded_by([evaluator_of(task)])
    models = [_model(task, name, loaded, evaluator, row.models is not None) for name in names]
    size = sum((m.snapshot.folder / file).stat().st_size for m in models for file in [*m.texts, *m.weights])
    if size > MOST_BYTES:
        raise SpecError(f"its models have {size >> 20} MiB, expected at most {MOST_BYTES >> 20}")
    return models


def _model(task: Task, name: str, loaded: Loaded, evaluator: Loaded, named_in_table: bool) -> HubModel:
    owner = next((owner for start, owner in _OWNERS.items() if "/" not in name and name.startswith(start)), None)
    repo_id = f"{owner}/{name}" if owner else name
    command = download_command(repo_id, "model")
    snapshot = cached(repo_id, "model") or cached(name, "model")
    if snapshot is None:
        other = (
            "" if named_in_table else f"; where it is no model of the Hub's, say so in a file that {TABLE_VARIABLE} "
        )
        other += "" if named_in_table else f"names: {task.name}: {{models: [], …}}"
        raise SpecError(
            f"it loads the model {name} of the Hugging Face Hub, which is not in this machine's cache of it; get it "
            f"with: {command}{other}"
        )
    files = [file for file in snapshot.files() if "/" not in file]
    texts = [file for file in files if file.endswith(_TEXTS) and _size(snapshot, file) <= _MOST_TEXT_BYTES]
    weights = [file for file in files if file.endswith(_WEIGHTS)]
    whole = name in loaded.models or name not in loaded.texts
    if whole and not weights:
        raise SpecError(
            f"its model {name} has no weights as safetensors in this machine's cache; get it with: {command}"
        )
    return HubModel(
        name, snapshot, texts, weights if whole else [], whole and name not in evaluator.texts - evaluator.models
    )


def _is_hubs(name: str, own: set[str]) -> bool:
    """Whether a name can be a model's on the Hub: no path, and no folder that lies there or that the code makes."""
    try:
        check_name(name)
    except HubRefused:
        return False
    return name not in own and PurePosixPath(name).parts[0] not in own


def _size(snapshot: Snapshot, file: str) -> int:
    return (snapshot.folder / file).stat().st_size
