"""`synthgym rollout`: an agent's episodes, into a trajectory store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synthgym.base.messages import say
from synthgym.base.progress import Progress, show_progress
from synthgym.base.text import clipped
from synthgym.cli.shared.options import (
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
    env_options,
    print_json,
    select_envs,
    serving,
)
from synthgym.cli.shared.terminal import output_kept

if TYPE_CHECKING:
    from synthgym.agents.rollout import Event, Summary


def rollout(
    envs: Envs,
    agent: Annotated[
        str,
        typer.Option(
            "--agent",
            metavar="SPEC",
            help="scripted, chat:MODEL@BASE_URL, serve:MODEL, module:attr, or NAME=one of these.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The store's folder.")],
    episodes: Annotated[int, typer.Option("--episodes", min=1, help="Episodes in each environment.")] = 1,
    jobs: Jobs = 1,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the first episode; the others follow on.")] = 0,
    split: InSplit = None,
    challenges: HowMany = None,
    collection: Collections = None,
    sandbox: Sandbox = "auto",
    max_steps: Annotated[int | None, typer.Option("--max-steps", min=1, help="Instead of the budgets' steps.")] = None,
    protocol: Protocol = None,
    preflight: Preflight = True,
    retry: Retry = None,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Runs an agent and keeps the records of its episodes.

    The same command goes on where it was ended; what is in the store is not run again. If the agent's code is another
    than the one that an episode there was made with, that is told, and --fresh runs it anew.
    """
    from synthgym.agents.rollout import rollout as run
    from synthgym.envs.sandboxes import resolve_sandbox

    resolve_sandbox(sandbox)  # before there is a folder
    names = select_envs(envs, split, collection, challenges)
    with (
        output_kept(as_json),
        serving([agent]) as (spec,),
        show_progress("rollout", len(names) * episodes) as progress,
    ):
        summary = run(
            names,
            spec,
            out=out,
            episodes=episodes,
            jobs=jobs,
            seed=seed,
            sandbox=sandbox,
            env_options=env_options(names, protocol, max_steps),
            retry=[retry] if retry else [],
            preflight=preflight,
            fresh=fresh,
            progress=Watcher(progress),
        )
    if as_json:
        print_json(summary.model_dump())
    else:
        say(f"{out}: {summary_text(summary, out)}")
    if summary.failed:
        raise typer.Exit(1)


class Watcher:
    """Shows how a rollout goes."""

    def __init__(self, progress: Progress, status: str = "") -> None:
        self.progress, self.status = progress, status
        self._shown = 0
        self._improvements: list[float] = []

    def __call__(self, event: Event) -> None:
        """Called after every attempt."""
        if event.error:
            agent = f"{self.status}: " if self.status else ""
            self.progress.say(f"{agent}{event.env_id} seed {event.seed}: {event.error}")
        if event.done:
            self._improvements.append(event.done.improvement or 0.0)
            mean = sum(self._improvements) / len(self._improvements)
            status = f"{self.status} mean improvement {mean:.3f}".lstrip()
            # The first event tells how much an earlier run had done.
            self.progress.advance(event.recorded - self._shown, status)
            self._shown = event.recorded


_LONGEST_REASON = 120


def summary_text(summary: Summary, store: Path) -> str:
    """A rollout's summary in a line; `store` is where its records are."""
    parts = [f"{summary.finished + summary.resumed} of {summary.planned} episodes"]
    if summary.resumed:
        parts.append(f"{summary.resumed} from an earlier run")
    if summary.agent_errors:
        where = f"see outcome.error in {store}/episodes-*.jsonl; --retry agent_error runs them again"
        raised = clipped(summary.agent_error or "", _LONGEST_REASON)
        parts.append(f"the agent raised in {summary.agent_errors} ({raised}; {where})")
    if summary.failed:
        parts.append(f"{summary.failed} could not be run (see failures.jsonl; the same command tries them again)")
    if (more := summary.attempts - summary.finished - summary.resumed) > 0:
        parts.append(f"{more} more {'attempts' if more > 1 else 'attempt'} than episodes, as infrastructure failed")
    if summary.broken:
        parts.append(f"the agent broke its sandbox or the grader in {summary.broken}")
    parts.append(f"{summary.submitted} with an accepted submission")
    if summary.mean_improvement is not None:
        parts.append(f"mean improvement {summary.mean_improvement:.3f}")
    return f"{', '.join(parts)} ({summary.seconds:.1f} s)"
