from __future__ import annotations

import io
import os
import pty
import select
import sys
import time

import gymnasium
import pytest

from synthgym.agents.agent import Stop
from synthgym.agents.human import HumanAgent, play


def typed(text: str) -> tuple[HumanAgent, io.StringIO]:
    screen = io.StringIO()
    return HumanAgent(io.StringIO(text), screen), screen


def test_a_line_is_a_command() -> None:
    agent, screen = typed("ls -l\n")
    assert agent("what there is", {"steps_left": 4}) == "ls -l"
    assert screen.getvalue() == "what there is\n[4 steps left] $ "


def test_empty_lines_cost_nothing() -> None:
    assert typed("\n  \nls\n")[0]("", {}) == "ls"


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("a \\\nb\n", "a \\\nb"),
        ("```\ncat > x <<E\n\n  y\nE\n```\n", "cat > x <<E\n\n  y\nE"),
        ("ls", "ls"),
    ],
)
def test_scripts_of_several_lines(text: str, action: str) -> None:
    assert typed(text)[0]("", {}) == action


@pytest.mark.parametrize("text", ["", "quit\n", " exit \n", "```\nls\n", "a \\\n"])
def test_leaving(text: str) -> None:
    with pytest.raises(Stop) as caught:
        typed(text)[0]("", {})
    assert not caught.value.submit


def test_playing_to_the_end() -> None:
    screen = io.StringIO()
    record = play(gymnasium.make("toy/one-v0"), stdin=io.StringIO("score 0.5\nvalidate\nsubmit\n"), stdout=screen)
    assert record.outcome.exit_status == "submitted"
    shown = screen.getvalue()
    assert "validation score 0.5" in shown
    assert "submitted\n" in shown, "the last observation is shown too"
    assert shown.splitlines()[-1].startswith("submitted: points 0.5")
    assert "(baseline 0)" in shown.splitlines()[-1]


def test_playing_and_leaving() -> None:
    screen = io.StringIO()
    record = play(gymnasium.make("toy/one-v0"), stdin=io.StringIO("score 0.5\n"), stdout=screen)
    assert record.outcome.exit_status == "agent_stopped"
    assert "no accepted submission" in screen.getvalue()


class Terminal:
    """A command on a terminal of its own, for somebody who types."""

    def __init__(self, *words: str) -> None:
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            os.execv(words[0], words)
        self.shown = ""

    def types(self, text: str) -> None:
        os.write(self.screen, text.encode())

    def until(self, text: str, press: str = "") -> None:
        """Reads on until the text is there, pressing the key every few seconds; what stands before it is forgotten."""
        for _ in range(12):
            if press:
                self.types(press)
            while text not in self.shown and select.select([self.screen], [], [], 5)[0]:
                self.shown += os.read(self.screen, 4096).decode(errors="replace")
            if text in self.shown:
                break
        assert text in self.shown, f"no {text!r} in {self.shown!r}"
        self.shown = self.shown.partition(text)[2]

    def ends(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_ctrl_c_ends_the_command_and_not_the_episode() -> None:
    terminal = Terminal(sys.executable, "-m", "synthgym", "play", "synthgym/auction-game-098e-v0")
    terminal.until("steps left] $ ")
    terminal.types("echo it begins; sleep 300; echo it never says this\n")
    terminal.until("it never says this")  # as typed
    time.sleep(1)  # so that it most likely runs; before that, Ctrl-C ends it as soon as it does
    terminal.types("\x03")
    terminal.until("[interrupted: the command was ended]")
    terminal.until("steps left] $ ")
    terminal.types("half a line")
    terminal.until("half a line")
    # Again where nothing comes of it: just before it waits for a key, readline sees an interrupt only with the next.
    terminal.until("steps left] $ ", press="\x03")
    terminal.types("echo it lives: $((6 * 7))\n")
    terminal.until("it lives: 42")
    terminal.until("steps left] $ ")
    terminal.types("quit\n")
    terminal.until("agent_stopped: no accepted submission")
    assert terminal.ends() == 0
