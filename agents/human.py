"""HumanAgent: a person at a terminal, and `play`, which lets one work on a challenge."""

from __future__ import annotations

import io
import signal
import sys
import threading
from typing import Any, TextIO

import gymnasium

from synthgym.agents.agent import Info, Stop
from synthgym.agents.episode import run_episode
from synthgym.agents.trajectories.trajectory import Step, Trajectory
from synthgym.base.text import printable

HELP = (
    "One command a line. A line that ends in \\ goes on; ``` alone begins and ends a script of several lines; "
    "Ctrl-C ends a command that runs; Ctrl-D or quit leaves."
)

_FENCE = "```"
_QUIT = ("quit", "exit")


class HumanAgent:
    """Asks a person for every command.

    Args:
        stdin: Where commands come from.
        stdout: Where observations and the prompt go.
    """

    name = "human"

    def __init__(self, stdin: TextIO | None = None, stdout: TextIO | None = None) -> None:
        self.stdin, self.stdout = stdin or sys.stdin or io.StringIO(), stdout or sys.stdout  # closed: nobody is there

    def __call__(self, observation: str, info: Info) -> str:
        """Shows what came of the last command and reads the next.

        Raises:
            Stop: The person leaves; nothing is submitted for them.
        """
        self.show(observation)
        while True:
            try:
                action = self._read(f"[{info.get('steps_left', '?')} steps left] $ ")
            except KeyboardInterrupt:  # gives up the line, as in a shell
                if not self.stdin.isatty():
                    raise
                self.show("")
                continue
            if action.strip() in _QUIT:
                raise Stop("left by the player", submit=False)
            if action.strip():
                return action

    def show(self, text: str) -> None:
        """Prints something to the player."""
        print(printable(text), file=self.stdout, flush=True)

    def _read(self, prompt: str) -> str:
        line = self._line(prompt)
        lines = []
        if line.strip() == _FENCE:
            while (line := self._line("> ")).strip() != _FENCE:
                lines.append(line)
            return "\n".join(lines)
        while line.endswith("\\"):
            lines.append(line)
            line = self._line("> ")
        return "\n".join([*lines, line])

    def _line(self, prompt: str) -> str:
        if self.stdin is sys.stdin and self.stdout is sys.stdout and sys.stdin.isatty():
            try:
                return input(prompt)  # at a terminal: with line editing and history where readline is loaded
            except EOFError:
                line = ""
        else:
            print(prompt, end="", file=self.stdout, flush=True)
            line = self.stdin.readline()
        if not line:
            print(file=self.stdout)
            raise Stop("left by the player", submit=False)
        return line.rstrip("\n")


class _LastScreen:
    """Shows the observation of the last step: no agent is asked after it."""

    def __init__(self, agent: HumanAgent) -> None:
        self.agent = agent

    def begin(self, observation: str, info: Info) -> None:
        self.agent.show(HELP + "\n")

    def step(self, step: Step, info: Info) -> None:
        if info.get("exit_status"):
            self.agent.show(step.observation)


class _Interruptible(gymnasium.Wrapper[Any, Any, Any, Any]):
    """Ctrl-C ends the command that runs, and not the episode, where the environment can do that."""

    def step(self, action: Any) -> Any:
        """Runs a command."""
        interrupt = getattr(self.env.unwrapped, "interrupt", None)
        if interrupt is None or threading.current_thread() is not threading.main_thread():
            return self.env.step(action)

        def on_signal(*_: object) -> None:
            # From a thread: what the signal interrupted may be in the middle of writing to the sandbox.
            threading.Thread(target=interrupt, daemon=True).start()

        before = signal.signal(signal.SIGINT, on_signal)
        try:
            return self.env.step(action)
        finally:
            signal.signal(signal.SIGINT, before or signal.default_int_handler)


def play(
    env: gymnasium.Env[Any, Any], *, seed: int = 0, stdin: TextIO | None = None, stdout: TextIO | None = None
) -> Trajectory:
    """Lets a person play one episode and tells them how it went.

    Example:
        >>> env = gymnasium.make("synthgym/wine-v0")
        >>> play(env).outcome.exit_status
        'submitted'
    """
    agent = HumanAgent(stdin, stdout)
    env = _Interruptible(env)
    if agent.stdin.isatty():
        import readline  # noqa: F401  its import gives `input` editing and history

    record = run_episode(env, agent, seed=seed, watcher=_LastScreen(agent))
    agent.show(summarise(record))
    return record


def summarise(record: Trajectory) -> str:
    """How an episode went, in a line or two."""
    outcome = record.outcome
    best = f", validations: {', '.join(f'{score:.6g}' for score in outcome.validations)}" if outcome.validations else ""
    if outcome.score is None or outcome.improvement is None:
        return f"{outcome.exit_status}: no accepted submission, so no score{best}"
    baseline = "" if record.baseline is None else f" (baseline {record.baseline:.6g})"
    return (
        f"{outcome.exit_status}: {record.metric or 'score'} {outcome.score:.6g}{baseline}, "
        f"improvement {outcome.improvement:.3f}{best}"
    )
