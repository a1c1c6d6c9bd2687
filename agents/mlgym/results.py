"""Episodes as a folder of runs in the layout that MLGym's evaluation scripts read, a folder for each episode::

    <out>/<solver>__<task>__default__t-0.00__p-0.95__c-4.00__install-0__parallel_agents_run_<seed>/
        results.json     its scores, and the baseline's
        <task>.traj      its steps, the conversation, how it ended

The part from ``default`` to ``parallel_agents`` is what those scripts look for: in MLGym's own runs it says with which
prompt and settings of the model they were made. Of runs that come from here it says nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthgym.agents.mlgym.episode import results, trajectory
from synthgym.agents.trajectories.formats import Written
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import UserError
from synthgym.registry.files import build_new
from synthgym.registry.mlgym.exported_format import task_of

RESULTS_FILE = "results.json"

_SETTINGS = "default__t-0.00__p-0.95__c-4.00__install-0__parallel_agents"
_BASELINE = "baseline"
_LONGEST = 70
"""Characters of a solver's or a task's name; with hashes and the rest, a folder's name stays below 255."""

_Key = tuple[str, str, int]
"""Agent, environment, seed."""

_SAME = ("challenge_hash", "metric", "direction", "baseline")


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        path: The folder, absolute.
        runs: Number of runs in it.
        solvers: Agent → its name in the folders.
        tasks: Environment → its name in the folders.
    """

    path: Path
    runs: int
    solvers: dict[str, str]
    tasks: dict[str, str]

    @property
    def confusable(self) -> list[tuple[str, str]]:
        """Pairs of solvers, the first one's name within the second's: MLGym's patterns for the first match both."""
        names = sorted(self.solvers.values())
        return [(one, other) for one in names for other in names if one != other and one in other]


def export_results(records: Iterable[Trajectory], out: str | Path, prefix: str = "") -> Exported:
    """Writes a run for every episode, of two with the same environment, agent and seed the first.

    Args:
        records: The episodes. Leave none out: what MLGym makes of them counts failures too.
        out: The folder to make, whole or not at all.
        prefix: Put before agents' names. Two scripts of MLGym's, which count runs and draw scores against cost, pass
            over folders whose names do not begin with ``metagen-``.

    Raises:
        OutputFolderError: `out` is there and is no empty folder, or cannot be written.
        UserError: There is no episode; or one environment's are of two states of its challenge; or an agent is called
            ``baseline``, which MLGym calls the starter.

    Example:
        >>> export_results(Store("runs/teacher"), "results").solvers
        {'scripted': 'scripted'}
    """
    runs: dict[_Key, Path] = {}

    def build(folder: Path) -> None:
        states: dict[str, Trajectory] = {}
        for record in records:
            _check(record, states.setdefault(record.env_id, record), prefix)
            key = (record.agent, record.env_id, record.seed)
            if key not in runs:
                runs[key] = folder / str(len(runs))  # names can be told apart only when all of them are known
                runs[key].mkdir()
                _write(runs[key] / RESULTS_FILE, results(record))
                _write(runs[key] / "traj", trajectory(record))
        if not runs:
            raise UserError("no finished episode to export; expected a trajectory store or a benchmark's folder")
        solvers, tasks = _names(runs, prefix)
        for (agent, env_id, seed), run in runs.items():
            (run / "traj").rename(run / f"{tasks[env_id]}.traj")
            run.rename(folder / f"{solvers[agent]}__{tasks[env_id]}__{_SETTINGS}_run_{seed}")

    path = build_new(Path(out), build)
    return Exported(path, len(runs), *_names(runs, prefix))


def write_results(records: Iterable[Trajectory], out: Path, prefix: str) -> Written:
    """MLGym's layout as a format of episodes: see `export_results`."""
    done = export_results(records, out, prefix)
    warnings = [
        f"MLGym's scripts take runs of {other} for runs of {one} too, whose name is in it; "
        "export the two to folders of their own"
        for one, other in done.confusable
    ]
    return Written(done.path, f"{done.runs} runs (agents: {len(done.solvers)}, tasks: {len(done.tasks)})", warnings)


def _names(runs: Collection[_Key], prefix: str) -> tuple[dict[str, str], dict[str, str]]:
    """What agents and environments are called in the folders' names."""
    agents = {agent: _plain(f"{prefix}{agent}") for agent, _, _ in runs}
    return _told_apart(agents), _told_apart({env_id: _plain(task_of(env_id)) for _, env_id, _ in runs})


def _check(record: Trajectory, first: Trajectory, prefix: str) -> None:
    if _plain(f"{prefix}{record.agent}") == _BASELINE:
        raise UserError(f"agent {record.agent!r}: the starter's name in MLGym's tables; export it with a prefix")
    for name in _SAME:
        expected, came = getattr(first, name), getattr(record, name)
        if came != expected:
            raise UserError(
                f"{record.env_id}: expected one {name} for all episodes, got {expected!r} ({first.agent}, seed "
                f"{first.seed}) and {came!r} ({record.agent}, seed {record.seed}); scores of different versions of a "
                "challenge cannot be compared: export them to folders of their own"
            )


def _plain(name: str) -> str:
    """The name as a part of a folder's name: no slash, no pattern's character, and no ``__``, which parts the parts."""
    name = re.sub(r"_{2,}", "_", re.sub(r"[^A-Za-z0-9._+-]+", "-", name)).strip("-_.")
    return name[:_LONGEST].rstrip("-_.") or "unnamed"


def _told_apart(plain: dict[str, str]) -> dict[str, str]:
    """Names of which no two are the same: those that would be also get a part of what they stand for, hashed."""
    shared = Counter(plain.values())
    return {
        name: text if shared[text] == 1 else f"{text}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        for name, text in sorted(plain.items())
    }


def _write(path: Path, data: dict[str, Any]) -> None:
    # ASCII: MLGym reads in whatever encoding the machine has.
    path.write_text(json.dumps(data, indent=2, default=repr) + "\n", encoding="ascii")
