"""`synthgym benchmark`: agents × challenges × seeds → scores."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synthgym.base.errors import UserError
from synthgym.base.messages import say
from synthgym.base.progress import show_progress
from synthgym.base.text import clipped
from synthgym.cli.shared.options import (
    SPEC_HELP,
    AsJson,
    Collections,
    Envs,
    Fresh,
    HowMany,
    InSplit,
    Jobs,
    Preflight,
    Protocol,
    Retry,
    Sandbox,
    Seed,
    env_options,
    print_json,
    select_envs,
    serving,
)
from synthgym.cli.shared.rollouts import RolloutProgress, summary_text
from synthgym.cli.shared.terminal import output_kept

if TYPE_CHECKING:
    from synthgym.agents.rollout import Event, Summary
    from synthgym.train.evaluation.aup.tables import TextTable

REPORT_FILE = "report.html"


def benchmark(
    envs: Envs,
    agents: Annotated[
        list[str],
        typer.Option(
            "--agents",
            metavar="SPEC...",
            help=SPEC_HELP,
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The benchmark's folder.")],
    episodes: Annotated[int, typer.Option("--episodes", min=1, help="Episodes of each agent on each challenge.")] = 1,
    jobs: Jobs = 1,
    seed: Seed = 0,
    split: InSplit = None,
    challenges: HowMany = None,
    collection: Collections = None,
    sandbox: Sandbox = "auto",
    protocol: Protocol = None,
    fresh: Fresh = False,
    preflight: Preflight = True,
    retry: Retry = None,
    as_json: AsJson = False,
) -> None:
    """Runs agents on the same challenges with the same seeds; prints AUP, and writes the report into the folder.

    The same command goes on where it was ended; more agents, challenges or episodes extend it. An agent whose code has
    changed since is told, and --fresh runs its episodes anew.
    """
    from synthgym.envs.sandboxes import resolve_sandbox
    from synthgym.train.evaluation.benchmark import benchmark as run
    from synthgym.train.evaluation.benchmark import store_of

    resolve_sandbox(sandbox)  # before there is a folder
    names = select_envs(envs, split, collection, challenges)
    with (
        output_kept(as_json),
        serving(agents) as specs,
        show_progress("benchmark", len(names) * episodes * len(agents)) as progress,
    ):
        watchers: dict[str, RolloutProgress] = {}

        def watch(agent: str, event: Event) -> None:
            watchers.setdefault(agent, RolloutProgress(progress, agent))(event)

        summaries = run(
            names,
            specs,
            out=out,
            episodes=episodes,
            jobs=jobs,
            seed=seed,
            sandbox=sandbox,
            env_options=env_options(names, protocol),
            fresh=fresh,
            retry=[retry] if retry else [],
            preflight=preflight,
            progress=watch,
        )
    if as_json:
        print_json({agent: summary.model_dump() for agent, summary in summaries.items()})
    else:
        for agent, summary in summaries.items():
            say(f"{agent}: {summary_text(summary, store_of(out, agent))}")
        _print_outcome(out, summaries)
    if any(summary.failed for summary in summaries.values()):
        raise typer.Exit(1)


def _print_outcome(out: Path, summaries: dict[str, Summary]) -> None:
    """Improvement and AUP, each agent's relative to the first one's, and the page with everything else."""
    from synthgym.cli.shared.tables import print_table
    from synthgym.train.evaluation.aup import read_solvers, resample
    from synthgym.train.evaluation.aup.tables import gains_table, largest, standings_table
    from synthgym.train.evaluation.improvements import improvement_tables
    from synthgym.train.evaluation.scores import load_benchmark

    scores = out / "scores.jsonl"
    if not scores.exists() or not scores.stat().st_size:  # nothing was finished
        return
    with contextlib.suppress(UserError):  # there is no challenge yet that all agents have finished
        for table in improvement_tables(load_benchmark(out).records):
            say()
            print_table(table.title, table.head, table.rows)
    field = read_solvers(out)
    found = resample(field.tasks, field.results)
    tables = [_with_errors(standings_table(found), summaries, out)]
    first = next(iter(summaries))
    if len(field.results) > 1 and first in field.results:
        tables.append(gains_table(found, first))
    for each in tables:
        say()
        print_table(each.title or "AUP", each.head, each.rows)
    say(f"\n{largest(found.standings)}")
    if find_spec("matplotlib"):
        from synthgym.train.evaluation.report import write_report
        from synthgym.train.evaluation.samples import sample_episodes

        write_report(out, out / REPORT_FILE, sample_episodes(out, 2))
        say(f"\n{out / REPORT_FILE}")


def _with_errors(table: TextTable, summaries: dict[str, Summary], out: Path) -> TextTable:
    """The table with what each agent raised and where to look, if any did: its figures are those of a broken agent."""
    from synthgym.train.evaluation.benchmark import store_of

    raised = {agent: summary for agent, summary in summaries.items() if summary.agent_errors}
    if not raised:
        return table
    rows = []
    for row in table.rows:
        told = ""
        if of := raised.get(row[0]):
            where = store_of(out, row[0]).relative_to(out)
            error = clipped(of.agent_error or "", 80)
            told = f"in {of.agent_errors} of {of.finished + of.resumed}: {error} (see {where})"
        rows.append([*row, told])
    return replace(table, head=[*table.head, "raised"], rows=rows)
