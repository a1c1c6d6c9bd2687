from __future__ import annotations

from typing import Any

import pytest
import toy_agents

from synthgym.agents.agent import Usage, as_agent, check_agent
from synthgym.base.errors import AgentError, UserError


def test_a_function_is_an_agent() -> None:
    agent = as_agent(toy_agents.quitter)
    agent.reset("briefing", {})
    assert agent("briefing", {"step": 0}) == "score 0.5"
    assert (agent.name, agent.usage, agent.content, agent.messages) == ("quitter", None, None, None)


def test_a_class_is_made_with_its_seed() -> None:
    first, same, other = (as_agent(toy_agents.Seeded, seed=seed) for seed in (1, 1, 2))
    for agent in (first, same, other):
        agent.reset("briefing", {})
    info = {"scores": []}
    assert first("", info) == same("", info) != other("", info)
    assert first.name == "seeded"
    assert first.usage == Usage(prompt_tokens=10)
    assert first.content
    assert first.content.startswith("I try.")


def test_an_instance_is_itself() -> None:
    inner = toy_agents.Seeded(3)
    assert as_agent(inner).inner is inner
    assert as_agent(as_agent(inner, name="mine")).name == "mine"


def test_changing_info_changes_nothing() -> None:
    def thief(observation: str, info: dict[str, Any]) -> str:
        info.clear()
        return "ls"

    info = {"step": 1}
    assert as_agent(thief)("", info) == "ls"
    assert info == {"step": 1}


def test_usage_may_be_any_object() -> None:
    class Spent:
        name = "spent"

        class usage:
            pass

        def __call__(self, observation: str, info: dict[str, Any]) -> str:
            return ""

    agent = Spent()
    agent.usage = type("U", (), {})()  # type: ignore[misc,assignment]
    agent.usage.prompt_tokens = 7  # type: ignore[attr-defined]
    usage = as_agent(agent).usage
    assert usage
    assert usage.tokens == 7


class NoCall:
    pass


@pytest.mark.parametrize("wrong", [3, "text", NoCall, NoCall(), lambda: "x", lambda a: "x", lambda a, b, c: "x"])
def test_what_cannot_be_called_so_is_refused(wrong: object) -> None:
    with pytest.raises(UserError, match=r"expected something callable with \(observation, info\)"):
        as_agent(wrong)


def test_checking_makes_no_instance() -> None:
    assert check_agent(toy_agents.Unconstructable) == "Unconstructable"
    with pytest.raises(AgentError, match="no licence"):
        as_agent(toy_agents.Unconstructable)
