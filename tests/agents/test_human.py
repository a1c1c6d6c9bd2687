from __future__ import annotations

import io

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
