"""`--push-to-hub` of the commands that train: checked before the training, done after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from synthgym.base.errors import UserError
from synthgym.base.messages import say

if TYPE_CHECKING:
    from synthgym.train.sharing.push import Pushed

_NOT_OF_THE_TRAINING = ("push_to_hub", "private", "scores", "as_json", "dry_run")

PushToHub = Annotated[
    str | None,
    typer.Option(
        "--push-to-hub",
        metavar="USER/NAME",
        help="Pushes the student to a model repository of the Hub, with a card. A finished run is only pushed.",
    ),
]
Private = Annotated[bool, typer.Option("--private", help="With --push-to-hub: makes the repository private.")]
Scores = Annotated[
    str | None,
    typer.Option(
        "--scores",
        metavar="DIR[:NAME]",
        help="With --push-to-hub: a benchmark with the student in it, for the card; NAME is the student's there.",
    ),
]


@dataclass(frozen=True)
class Sharing:
    """Where a student is to be pushed.

    Attributes:
        repo_id: The repository.
        private: Whether it is private.
        scores: The benchmark for the card.
        command: That trains the student.
    """

    repo_id: str
    private: bool
    scores: str | None
    command: tuple[str, ...]

    def push(self, out: Path) -> Pushed:
        """Pushes the student of a finished training."""
        from synthgym.train.sharing.push import base_is_missing, share

        if base := base_is_missing(out):
            _to_stderr(
                f"warning: what is pushed is an adapter of {base}, which is not known to be on the Hub: nobody else "
                "can use it before that model is there too"
            )
        _to_stderr(f"{out}: trained; pushing it to {self.repo_id}")
        pushed = share(out, self.repo_id, private=self.private, scores=self.scores, command=self.command)
        _to_stderr(
            f"pushed: {pushed.address}" if pushed.new else f"{pushed.address}: is there as it is; nothing to push"
        )
        return pushed


def sharing(context: typer.Context, out: Path) -> Sharing | None:
    """What a command line says of sharing, checked as far as it can be before a training; None if it is not asked for.

    Raises:
        UserError: An option is not what it should be, or is of no use without --push-to-hub.
        HubRefused: There is no key, or not one that may write.
        HubError: The Hub cannot be reached.
    """
    repo_id, private, scores = (context.params[name] for name in ("push_to_hub", "private", "scores"))
    if repo_id is None:
        if private or scores:
            raise UserError(f"{'--private' if private else '--scores'}: goes with --push-to-hub USER/NAME only")
        return None
    if context.params.get("dry_run"):
        return None
    from synthgym.train.sharing.push import check_sharing

    check_sharing(repo_id, out, private=private, scores=scores)
    return Sharing(repo_id, private, scores, tuple(_command(context)))


def _command(context: typer.Context) -> Iterator[str]:
    """The command line without what is about sharing and output, and without what is as by default."""
    path: list[str] = []
    above: Any = context
    while above.parent is not None:  # the outermost is called whatever started this process
        path.insert(0, str(above.info_name))
        above = above.parent
    yield from ("synthgym", *path)
    for option in context.command.params:
        name = option.name or ""
        value = context.params.get(name)
        if name in _NOT_OF_THE_TRAINING or value == option.get_default(context) or value in (None, [], ()):
            continue
        if option.param_type_name == "argument":
            yield from _words(value)
        elif value is True:
            yield option.opts[0]
        else:
            for word in _words(value):
                yield from (option.opts[0], word)


def _words(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]


def _to_stderr(text: str) -> None:
    say(text, err=True)
