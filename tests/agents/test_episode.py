from __future__ import annotations

import json
from typing import Any, ClassVar

import gymnasium
import pytest
import toy_agents
from endpoint import Answer, Endpoint, command, failure, reply
from toy_env import BRIEFING, ToyEnv

from synthgym.agents.agent import Stop, Usage
from synthgym.agents.chat.agent import ChatAgent
from synthgym.agents.episode import run_episode
from synthgym.agents.specs import parse_spec
from synthgym.agents.trajectories.trajectory import Trajectory, episode_id, read_line, without_timings
from synthgym.base.errors import ModelError, SandboxError, Stopped, UserError


def toy(**settings: Any) -> gymnasium.Env[Any, Any]:
    return gymnasium.make("toy/one-v0", disable_env_checker=True, **settings)


def actions(*commands: str) -> Any:
    """A function agent that says these."""
    return lambda observation, info: commands[info["step"]]


def test_the_record_of_an_episode() -> None:
    record = run_episode(toy(), toy_agents.quitter, seed=3)
    assert (record.env_id, record.agent, record.seed) == ("toy/one-v0", "quitter", 3)
    assert record.episode_id == episode_id("toy/one-v0", "quitter", 3)
    assert (
        record.metric,
        record.direction,
        record.baseline,
        record.reference,
        record.noise,
        record.challenge_hash,
    ) == (("points", "higher", 0.0, 1.0, 0.01, "toyhash"))
    assert record.reset.observation == BRIEFING
    assert [step.action for step in record.steps] == ["score 0.5", "validate", "submit"]
    assert [step.validations for step in record.steps] == [[], [0.5], []]
    assert [step.observation for step in record.steps] == ["score is 0.5", "validation score 0.5", "submitted"]
    outcome = record.outcome
    assert outcome.exit_status == "submitted"
    assert outcome.accepted_submission
    assert outcome.score == outcome.improvement == pytest.approx(outcome.return_)
    assert (outcome.steps, outcome.validations, outcome.error) == (3, [0.5], None)
    assert record.versions["synthgym"]


def test_two_validations_in_one_step() -> None:
    record = run_episode(toy(), actions("validate && score 1 && validate", "submit"))
    assert record.steps[0].validations == [0.0, 1.0]


def test_a_limit_ends_it() -> None:
    record = run_episode(toy(max_steps=2), lambda observation, info: "ls")
    assert record.outcome.exit_status == "step_limit"
    assert record.outcome.accepted_submission, "the environment grades what stands there"
    assert record.outcome.steps == 2


def test_a_bad_submission_goes_on() -> None:
    record = run_episode(toy(max_steps=4), actions("score -1", "submit", "score 1", "submit"))
    assert record.outcome.exit_status == "submitted"
    assert record.outcome.steps == 4


def test_the_seed_decides() -> None:
    scores = [run_episode(toy(), toy_agents.Seeded, seed=seed).outcome.score for seed in (1, 1, 2)]
    assert scores[0] == scores[1] != scores[2]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (toy_agents.raiser, "ValueError: I am not well"),
        (toy_agents.exiter, "SystemExit: 3"),
        (toy_agents.mute, "expected a command (str), got NoneType"),
        (toy_agents.Unconstructable, "RuntimeError: no licence"),
    ],
)
def test_an_agent_that_fails_is_data(agent: Any, words: str) -> None:
    record = run_episode(toy(), agent, seed=1)
    outcome = record.outcome
    assert outcome.exit_status == "agent_error"
    assert outcome.error
    assert words in outcome.error
    assert (outcome.score, outcome.accepted_submission, outcome.steps) == (None, False, 0)
    assert record.agent == agent.__name__
    assert "agents/episode.py" not in outcome.error, "the traceback begins in the agent's own code"


def test_an_agent_that_fails_late_keeps_its_steps() -> None:
    record = run_episode(toy(), actions("score 0.5", "validate"))
    assert record.outcome.exit_status == "agent_error"
    assert "IndexError" in (record.outcome.error or "")
    assert record.outcome.validations == [0.5]
    assert record.outcome.score is None


def test_secrets_in_an_agents_error_are_not_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "not-a-real-key-0123456789")

    def leaky(observation: str, info: dict[str, Any]) -> str:
        raise RuntimeError("401 for key not-a-real-key-0123456789")

    assert "not-a-real-key" not in run_episode(toy(), leaky).to_line()


def test_infrastructure_is_raised() -> None:
    with pytest.raises(SandboxError, match="the sandbox died"):
        run_episode(toy(), actions("broken sandbox"))


@pytest.mark.parametrize("ending", [KeyboardInterrupt, Stopped])
def test_the_end_of_the_process_is_no_agents_doing(ending: type[BaseException]) -> None:
    def interrupted(observation: str, info: dict[str, Any]) -> str:
        raise ending

    with pytest.raises(ending):
        run_episode(toy(), interrupted)


def stopping(submit: bool, first: str = "score 0.7") -> Any:
    def agent(observation: str, info: dict[str, Any]) -> str:
        if info["step"]:
            raise Stop("enough", submit=submit)
        return first

    return agent


def test_an_agent_that_stops_hands_in_what_it_has() -> None:
    record = run_episode(toy(), stopping(submit=True))
    assert [step.action for step in record.steps] == ["score 0.7", "submit"]
    assert record.steps[1].content is None
    assert (record.outcome.exit_status, record.outcome.error) == ("submitted", "enough")
    assert record.outcome.score


def test_an_agent_that_stops_with_nothing_to_hand_in() -> None:
    record = run_episode(toy(), stopping(submit=True, first="score -1"))
    assert (record.outcome.exit_status, record.outcome.accepted_submission) == ("agent_stopped", False)
    record = run_episode(toy(), stopping(submit=False))
    assert (record.outcome.exit_status, record.outcome.steps, record.outcome.score) == ("agent_stopped", 1, None)


def test_a_model_drives_an_episode() -> None:
    replies = [reply(command("score 0.25")), reply("hm"), reply(command("validate && submit"))]
    with Endpoint(replies) as endpoint:
        record = run_episode(toy(), parse_spec(f"student=chat:m@{endpoint.url}?prompt=short"), seed=5)
    assert record.agent == "student"
    assert [step.action for step in record.steps] == ["score 0.25", "validate && submit"]
    assert record.steps[1].content == command("validate && submit")
    assert [m["content"] for m in endpoint.requests[1]["messages"]][1:] == [
        BRIEFING,
        command("score 0.25"),
        "score is 0.25",
    ]
    assert record.messages == [
        *endpoint.requests[2]["messages"],
        {"role": "assistant", "content": record.steps[1].content},
    ]
    assert record.usage
    assert (record.usage.calls, record.usage.format_errors, record.usage.tokens) == (3, 1, 45)


def test_a_model_that_is_gone_is_infrastructure() -> None:
    with Endpoint(lambda _: failure(400, "no")) as endpoint, pytest.raises(ModelError):
        run_episode(toy(), ChatAgent("m", endpoint.url))


def test_a_model_that_cannot_keep_the_form_still_hands_in() -> None:
    with Endpoint(lambda _: reply("hm")) as endpoint:
        record = run_episode(toy(), ChatAgent("m", endpoint.url))
    assert [step.action for step in record.steps] == ["submit"]
    assert record.outcome.error == "3 replies in a row without exactly one command"


class Boasting:
    """Hands in at once; what it says of itself is each test's."""

    def __call__(self, observation: str, info: dict[str, Any]) -> str:
        return "submit"


class Unreadable(Boasting):
    @property
    def messages(self) -> Any:
        raise RuntimeError("not now")


ROUND: dict[str, Any] = {"role": "user", "content": "x"}
ROUND["itself"] = ROUND


@pytest.mark.parametrize(
    "own",
    [
        {"usage": {"prompt_tokens": "x"}},
        {"usage": {"prompt_tokens": float("nan")}},
        {"usage": {"completion_tokens": -3}},
        {"usage": {"cost": float("inf")}},
        {"usage": 5},
        {"usage": Usage.model_construct(calls="many")},
        {"messages": ["hello"]},
        {"messages": [{"content": "no role"}]},
        {"messages": [{"role": "user", "content": 7}]},
        {"messages": [ROUND]},
        {"messages": 3},
        {"earlier": [[{1: 2}]]},
    ],
)
def test_what_an_agent_says_of_itself_never_costs_its_episode(own: dict[str, Any]) -> None:
    with pytest.warns(UserWarning, match=f"its {next(iter(own))} is left out of the record: "):
        record = run_episode(toy(), type("Boaster", (Boasting,), own))
    assert (record.outcome.exit_status, record.outcome.steps) == ("submitted", 1)
    assert (record.usage, record.messages, record.earlier) == (None, [], [])
    assert read_line(record.to_line(), "here") == record


def test_nor_does_an_attribute_that_raises_nor_an_odd_name_or_reason() -> None:
    with pytest.warns(UserWarning, match="messages is left out of the record: RuntimeError: not now"):
        assert run_episode(toy(), Unreadable()).outcome.exit_status == "submitted"
    named = type("Named", (Boasting,), {"name": "a\nb\x1b[31m\ud800"})
    assert run_episode(toy(), named).agent == "a b\ufffd"

    def leaver(observation: str, info: dict[str, Any]) -> str:
        raise Stop(7, submit=False)  # type: ignore[arg-type]

    assert run_episode(toy(), leaver).outcome.error == "7"


def test_messages_as_clients_give_them_are_recorded_as_texts() -> None:
    client = type("Reply", (), {"model_dump": lambda self: {"role": "assistant", "content": None, "tool_calls": [1]}})
    parts = [{"type": "text", "text": "Look "}, {"type": "image_url"}, {"type": "text", "text": "here."}]
    agent = type("Caller", (Boasting,), {"messages": ({"role": "user", "content": parts}, client())})
    assert run_episode(toy(), agent).messages == [
        {"role": "user", "content": "Look here."},
        {"role": "assistant", "content": "", "tool_calls": [1]},
    ]


# -- the record on disk ----------------------------------------------------------------------------------------------


def test_a_line_is_read_as_it_was_written() -> None:
    record = run_episode(toy(), toy_agents.Seeded, seed=1)
    line = record.to_line()
    assert "\n" not in line
    assert read_line(line, "here") == record
    assert json.loads(line)["schema"] == 1
    assert json.loads(line)["outcome"]["return"] == record.outcome.return_
    assert Trajectory.model_validate(record.model_dump()) == record


def test_odd_text_survives() -> None:
    odd = "é\u2028\x00\x1b[0m\r\n😀"
    record = run_episode(toy(max_steps=1), lambda observation, info: odd)
    assert read_line(record.to_line(), "here").steps[0].action == odd


def test_a_huge_action_does_not_make_a_huge_record() -> None:
    record = run_episode(toy(max_steps=1), lambda observation, info: "x" * 5_000_000)
    assert len(record.steps[0].action) < 1_000_100
    assert record.steps[0].action.endswith("[… 4000000 characters left out …]")


def test_half_characters_are_replaced() -> None:
    """A model's JSON may hold half of a surrogate pair, which no file and no shell takes."""

    class Odd:
        messages: ClassVar = [{"role": "user", "content": "\ud83d", "more": object()}]

        def __call__(self, observation: str, info: dict[str, Any]) -> str:
            return "a\ud83db\ud83d\ude00"

    record = read_line(run_episode(toy(max_steps=1), Odd()).to_line(), "here")
    assert record.steps[0].action == "a\ufffdb😀"
    assert record.messages[0]["content"] == "\ufffd"
    body = reply("x").body | {}
    body["choices"][0]["message"]["content"] = "\ud83d"
    with Endpoint([Answer(body), reply(command("submit"))]) as endpoint:
        record = run_episode(toy(), ChatAgent("m", endpoint.url))
    assert record.messages[2]["content"] == "\ufffd"


def test_without_timings_a_seed_gives_the_same_bytes() -> None:
    first, second = (run_episode(toy(), toy_agents.Seeded, seed=1) for _ in range(2))
    assert without_timings(first).to_line() == without_timings(second).to_line()
    assert first.versions


def test_wrong_lines_are_explained() -> None:
    record = json.loads(run_episode(toy(), toy_agents.quitter).to_line())
    with pytest.raises(UserError, match=r"x\.jsonl, line 3: not a trajectory: field 'seed'"):
        read_line(json.dumps({**record, "seed": "many"}), "x.jsonl, line 3")
    with pytest.raises(UserError, match="format 9; this synthgym reads up to 3; upgrade"):
        read_line(json.dumps({**record, "schema": 9, "news": 1}), "x.jsonl, line 3")
    with pytest.raises(UserError, match="not a trajectory"):
        read_line("{", "x.jsonl, line 3")


def test_the_toy_passes_for_an_environment() -> None:
    env = ToyEnv()
    observation, info = env.reset(seed=0)
    assert observation in env.observation_space
    assert info["exit_status"] is None
