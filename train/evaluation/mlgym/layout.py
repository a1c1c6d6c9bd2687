"""MLGym as a layout of results; see `synthgym.train.evaluation.aup.layouts`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from synthgym.registry.mlgym.index import NAMESPACE, known_rows
from synthgym.train.evaluation.aup.runs import SolverSet
from synthgym.train.evaluation.mlgym.solvers import read_tree

_SEALED = (
    "episodes on MLGym's tasks were sealed, each score being of half a test set: they do not compare with published "
    "ones; run the benchmark with --protocol mlgym for that"
)


def read(path: Path, table: Path | None, without: Collection[str]) -> SolverSet:
    """See `synthgym.train.evaluation.aup.layouts.Layout`."""
    return read_tree(path, known_rows(table), without)


def remarks(env_ids: Collection[str], options: Mapping[str, Any]) -> list[str]:
    """See `synthgym.train.evaluation.aup.layouts.Layout`."""
    ours = any(name.startswith(f"{NAMESPACE}/") for name in env_ids)
    return [_SEALED] if ours and options.get("protocol") != "mlgym" else []
