"""`synthgym report`: a benchmark as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from synthgym.agents.trajectory import Trajectory


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A benchmark's folder.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The page to write.")] = Path("report.html"),
    samples: Annotated[int, typer.Option("--samples", min=0, help="Challenges to show an episode of, per agent.")] = 2,
) -> None:
    """Writes a page that needs no network: scores, performance profile, AUP, intervals, sample trajectories."""
    from synthgym.train.report import write_report

    write_report(folder, out, sample_episodes(folder, samples))
    print(out)


def sample_episodes(folder: Path, count: int) -> Iterator[dict[str, Any]]:
    """The first episode of every agent on each of the first `count` challenges, so that they can be compared."""
    from synthgym.agents.store import read_episodes
    from synthgym.train.benchmark import EPISODES
    from synthgym.train.scores import load_benchmark

    shown = load_benchmark(folder).env_ids[:count]
    first: dict[tuple[str, str], Trajectory] = {}
    for store in sorted(path for path in (folder / EPISODES).glob("*") if path.is_dir()):
        for record in read_episodes(store):
            key = (record.env_id, record.agent)
            if record.env_id in shown and (key not in first or record.seed < first[key].seed):
                first[key] = record
    for key in sorted(first):
        yield first[key].model_dump(mode="json")
