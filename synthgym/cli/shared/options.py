"""Options that several commands share, and what they mean."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import typer

from synthgym.agents.forms import FORMS
from synthgym.base.errors import UnknownNameError, UserError
from synthgym.base.messages import say
from synthgym.base.text import plain_json
from synthgym.registry.collections import finding
from synthgym.registry.collections.entries import CollectionIndex, IndexEntry

Split = Literal["train", "heldout"]

Envs = Annotated[
    list[str],
    typer.Option("--envs", metavar="PATTERN...", help="Environments: ids, or patterns as in 'synthgym/*'."),
]
InSplit = Annotated[Split | None, typer.Option("--split", help="Of those that match, the ones of this split only.")]
HowMany = Annotated[
    int | None,
    typer.Option(
        "--challenges", min=1, help="As many of those that match: as many of each kind, spread over their names."
    ),
]
Collections = Annotated[
    list[str] | None,
    typer.Option(
        "--collection",
        metavar="DIR...",
        help="Makes the challenges of these folders, packs or hf://user/name known.",
    ),
]
SPEC_HELP = f"{', '.join(FORMS)}, or NAME=one of these."
"""What names an agent."""

Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Worker processes.")]
Sandbox = Annotated[
    str,
    typer.Option(
        "--sandbox",
        help="auto, docker, docker:IMAGE, bubblewrap, swerex:CONFIG.yaml, local (no isolation), or one of your own.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Decides everything random.")]
Protocol = Annotated[
    str | None,
    typer.Option(
        "--protocol",
        metavar="NAME",
        help="For tasks of a suite with several rules: which. sealed, the default, keeps what counts apart; others "
        "are as published runs were made, under the suite's name.",
    ),
]
Preflight = Annotated[
    bool,
    typer.Option(
        "--preflight/--no-preflight",
        help="Before the first episode, one short call to the agent's model: a wrong key ends the run at once.",
    ),
]
Retry = Annotated[
    Literal["agent_error", "agent_stopped"] | None,
    typer.Option("--retry", help="Runs recorded episodes that ended so again: the agent raised, or gave up."),
]
Fresh = Annotated[
    bool,
    typer.Option("--fresh", help="Runs episodes again whose agent's code, or whose challenge, has changed since."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def find_challenges(
    patterns: list[str] | None, split: Split | None = None, collections: list[str] | None = None
) -> list[tuple[str, CollectionIndex, IndexEntry]]:
    """Known challenges by the ids of their environments, sorted; all of them without patterns.

    Raises:
        UnknownNameError: A pattern matches none; suggests the nearest.
    """
    import synthgym

    for folder in collections or []:
        synthgym.register(folder)
    return finding.find_challenges(patterns, split)


def reasons_not_to_run(found: list[tuple[str, CollectionIndex, IndexEntry]]) -> dict[str, str]:
    """Why environments cannot be run on this machine, by their ids; those that can are not in it."""
    from synthgym.envs.unplayable import unplayable

    indexes = {index.path: index for _, index, _ in found}
    reasons = {path: unplayable(index) for path, index in indexes.items()}
    return {name: reasons[index.path][entry.id] for name, index, entry in found if entry.id in reasons[index.path]}


def select_envs(
    patterns: list[str], split: Split | None, collections: list[str] | None, challenges: int | None = None
) -> list[str]:
    """Ids of the environments to run in. A pattern passes over challenges that are not verified yet; an id does not.

    Those that cannot be run on this machine are told, with the reason. Of the others `challenges` are chosen, if that
    is given: see `synthgym.registry.collections.finding.spread_over`.

    Raises:
        UnknownNameError: A pattern matches none, or none of the split; suggests the nearest.
    """
    found = find_challenges(patterns, split, collections)
    reasons = reasons_not_to_run(found)
    for name, reason in reasons.items():
        if name not in patterns:
            say(f"left out: {name}: {reason}", err=True)
    found = [each for each in found if (each[2].verified and each[0] not in reasons) or each[0] in patterns]
    names = [name for name, *_ in (finding.spread_over(found, challenges) if challenges else found)]
    if not names:
        of_split = f" of split {split!r}" if split else ""
        raise UnknownNameError(f"verified environment{of_split}", ", ".join(patterns), [], "See: synthgym list")
    return names


def env_options(names: list[str], protocol: str | None, max_steps: int | None = None) -> dict[str, Any]:
    """Settings for `gymnasium.make`, as far as they were given.

    Raises:
        UserError: A protocol is given, and an environment cannot be played by it; names it.
    """
    if protocol is not None:
        from synthgym.envs.registration import source_of
        from synthgym.envs.rules import rules_of

        for name in names:
            try:
                rules_of(source_of(name), protocol)
            except UserError as error:
                raise UserError(f"--protocol {protocol}: {name}: {error}") from error
    given = {"protocol": protocol, "max_steps": max_steps}
    return {name: value for name, value in given.items() if value}


@contextlib.contextmanager
def serving(specs: list[str]) -> Iterator[list[str]]:
    """Agents' specs while the models that they name are served; those that name none cost nothing."""
    from synthgym.agents.specs import split_name

    if not any(split_name(spec)[1].startswith("serve:") for spec in specs):
        yield specs
        return
    from synthgym.train.serving.specs import serving as served

    with served(specs, lambda text: say(text, err=True)) as running:
        yield running


def print_json(data: Any) -> None:
    """Prints data for programs."""
    say(plain_json(json.dumps(data, indent=2, ensure_ascii=False)))
