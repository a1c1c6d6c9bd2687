"""The command `synthgym`: its commands, and how their errors are told.

Exit codes: 0 done; 1 it ran, and something failed, such as a check; 2 the caller can put it right; 130 interrupted;
141 nobody reads what it prints any more; 143 told to end (SIGTERM).
"""

from __future__ import annotations

import errno
import shutil
import signal
import warnings
from typing import Any, Literal

import typer
from typer.core import TyperGroup

from synthgym.base.errors import InfrastructureError, Stopped, UserError
from synthgym.base.messages import say
from synthgym.cli.aup import aup
from synthgym.cli.benchmark import benchmark
from synthgym.cli.cleanup import cleanup
from synthgym.cli.collections.check import check
from synthgym.cli.collections.hub import pull, push
from synthgym.cli.collections.ledger import ledger
from synthgym.cli.collections.list import list_challenges
from synthgym.cli.collections.pack import pack, unpack
from synthgym.cli.collections.synthesize import synthesize
from synthgym.cli.collections.verify import verify
from synthgym.cli.doctor import doctor
from synthgym.cli.export import export
from synthgym.cli.images import images
from synthgym.cli.mlgym.export_mlgym import export_mlgym
from synthgym.cli.play import play
from synthgym.cli.quickstart import quickstart
from synthgym.cli.report import report
from synthgym.cli.rollout import rollout
from synthgym.cli.shared.lists import Command
from synthgym.cli.shared.terminal import make_output_safe, open_streams, stop_writing
from synthgym.cli.training.serve import serve
from synthgym.cli.training.train import train

_THE_MACHINES = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)
"""System errors that are no fault of the code: a full disk, a folder that may not be written."""


class _Commands(TyperGroup):
    """Runs a command. Errors raised on purpose are told in a sentence; others are faults and keep their traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command that was asked for."""
        try:
            return super().invoke(ctx)
        except UserError as error:
            _print_error(f"error: {error}")
            raise typer.Exit(2) from None
        except InfrastructureError as error:
            _print_error(f"error: {type(error).__name__}: {error}")
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            _print_error("interrupted")
            raise typer.Exit(130) from None
        except BrokenPipeError:  # as `head` does
            stop_writing()
            raise typer.Exit(128 + signal.SIGPIPE) from None
        except OSError as error:
            if error.errno not in _THE_MACHINES:
                raise
            where = f"{error.filename}: " if error.filename else ""
            _print_error(f"error: {where}{error.strerror}; what was finished is kept")
            raise typer.Exit(1) from None


def _print_error(text: str) -> None:
    say(text, err=True)


def _version(wanted: bool) -> None:
    if wanted:
        import synthgym

        say(f"synthgym {synthgym.__version__}")
        raise typer.Exit


_PANELS: Literal["rich"] | None = "rich" if shutil.get_terminal_size().columns >= 60 else None
"""Help in panels, where there is room for them: in a narrow terminal they would cut words off."""

app = typer.Typer(
    name="synthgym",
    cls=_Commands,
    rich_markup_mode=_PANELS,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _app(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Synthesised machine-learning challenges as Gymnasium environments: trajectories, a student, AUP."""


COMMANDS = (
    check,
    synthesize,
    ledger,
    verify,
    push,
    pull,
    pack,
    unpack,
    play,
    rollout,
    export,
    export_mlgym,
    benchmark,
    aup,
    report,
    serve,
    quickstart,
    doctor,
    cleanup,
)
"""In the order of the help; `list`, whose function has another name, is before them."""

app.command("list", cls=Command)(list_challenges)
for _command in COMMANDS:
    app.command(cls=Command)(_command)
app.add_typer(images)
app.add_typer(train)


def main() -> None:
    """The console script."""
    # As an interrupt: what holds sandboxes, workers and files gets to let go of them.
    signal.signal(signal.SIGTERM, _terminated)
    open_streams()
    make_output_safe()
    warnings.showwarning = _show_warning
    app()


def _terminated(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise Stopped(128 + signal.SIGTERM)


def _show_warning(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    if issubclass(category, UserWarning):
        _print_error(f"warning: {message}")


if __name__ == "__main__":
    main()
