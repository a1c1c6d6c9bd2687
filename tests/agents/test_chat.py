"""ChatAgent against hand-written transcripts (see `parts/endpoint.py`)."""

from __future__ import annotations

from typing import Any

import pytest
from endpoint import Answer, Endpoint, command, failure, reply

from synthgym.agents.agent import Stop
from synthgym.agents.chat.agent import ChatAgent, load_prompt
from synthgym.agents.chat.settings import ChatSettings
from synthgym.agents.endpoint.errors import BadRequest, ModelRefused, NoRoom
from synthgym.agents.history import characters, cut
from synthgym.agents.specs import parse_spec
from synthgym.base.errors import ModelError, UnknownNameError, UserError


def chat(endpoint: Endpoint, seed: int = 0, **settings: Any) -> ChatAgent:
    return ChatAgent("m", endpoint.url, ChatSettings(**settings), seed=seed)


def run(agent: ChatAgent, observations: list[str]) -> list[str]:
    agent.reset(observations[0], {})
    return [agent(observation, {}) for observation in observations]


def test_the_conversation_as_it_is_sent() -> None:
    with Endpoint([reply(command("ls")), reply(command("submit"))]) as endpoint:
        agent = chat(endpoint, temperature=0.0, max_tokens=64)
        assert run(agent, ["the briefing", ""]) == ["ls", "submit"]
    system = {"role": "system", "content": load_prompt("short")}
    first = [system, {"role": "user", "content": "the briefing"}]
    second = [*first, {"role": "assistant", "content": command("ls")}, {"role": "user", "content": "(no output)"}]
    assert endpoint.requests[0] == {"model": "m", "messages": first, "temperature": 0.0, "max_tokens": 64}
    assert endpoint.requests[1]["messages"] == second
    assert agent.messages == [*second, {"role": "assistant", "content": command("submit")}]
    assert agent.content == command("submit")
    assert agent.usage.calls == 2


def test_prompts() -> None:
    short = load_prompt("short")
    assert len(short) <= 200, "a student of a million parameters reads it in every call"
    assert "```bash" in short
    assert "validate" in load_prompt("researcher")
    with pytest.raises(UnknownNameError, match="did you mean 'researcher'"):
        load_prompt("researchr")


def test_a_prompt_of_ones_own(tmp_path: Any) -> None:
    path = tmp_path / "mine.j2"
    path.write_text("You are {{ 'terse' }}.")
    assert load_prompt(str(path)) == "You are terse."


def test_a_reply_without_a_command_is_sent_back() -> None:
    with Endpoint(
        [reply("I would look."), reply("```bash\na\n```\n```bash\nb\n```"), reply(command("ls"))]
    ) as endpoint:
        agent = chat(endpoint)
        assert run(agent, ["briefing"]) == ["ls"]
    last = endpoint.requests[2]["messages"]
    assert [message["role"] for message in last] == ["system", "user", "assistant", "user", "assistant", "user"]
    assert "holds no command" in last[3]["content"]
    assert "holds 2 commands" in last[5]["content"]
    assert agent.usage.format_errors == 2
    assert agent.content == command("ls")


def test_too_many_such_replies_stop_the_agent() -> None:
    with Endpoint(lambda _: reply("blah")) as endpoint:
        agent = chat(endpoint, format_tries=3)
        with pytest.raises(Stop, match="3 replies in a row") as caught:
            run(agent, ["briefing"])
    assert caught.value.submit
    assert len(endpoint.requests) == 3
    assert agent.messages[-1]["role"] == "assistant"


def test_tries_are_counted_anew_for_every_command() -> None:
    script = [reply("x"), reply("x"), reply(command("a")), reply("x"), reply("x"), reply(command("b"))]
    with Endpoint(script) as endpoint:
        assert run(chat(endpoint, format_tries=3), ["briefing", "next"]) == ["a", "b"]


def test_seeds_decide_the_seeds_of_calls() -> None:
    with Endpoint(lambda _: reply(command("ls"))) as endpoint:
        for seed in (1, 1, 2):
            run(chat(endpoint, seed=seed), ["briefing", "next"])
        run(chat(endpoint, seed=1, temperature=0), ["briefing"])
    seeds = [request.get("seed") for request in endpoint.requests]
    assert seeds[:2] == seeds[2:4] != seeds[4:6]
    assert seeds[0] != seeds[1]
    assert seeds[6] is None
    assert all(0 <= seed < 2**31 for seed in seeds[:6])


def test_a_second_episode_begins_anew() -> None:
    with Endpoint(lambda _: reply(command("ls"))) as endpoint:
        agent = chat(endpoint)
        run(agent, ["first", "more"])
        run(agent, ["second"])
    assert [message["content"] for message in agent.messages[1:2]] == ["second"]
    assert agent.usage.calls == 1


def test_a_failing_endpoint_is_infrastructure() -> None:
    with Endpoint(lambda _: failure(500, "oops")) as endpoint, pytest.raises(ModelError):
        run(chat(endpoint, attempts=1), ["briefing"])


def test_an_empty_reply_is_never_sent_back_empty() -> None:
    """Endpoints of Anthropic's make refuse every conversation that holds an empty message, from then on."""

    def answer(request: dict[str, Any]) -> Answer:
        if any(not message["content"].strip() for message in request["messages"]):
            return failure(400, "messages: text content blocks must be non-empty")
        turns = sum(message["role"] == "assistant" for message in request["messages"])
        return reply([None, " \n", command("ls"), command("submit")][turns])

    with Endpoint(answer) as endpoint:
        agent = chat(endpoint)
        assert run(agent, ["briefing", ""]) == ["ls", "submit"]
    assert [m["content"] for m in agent.messages if m["role"] == "assistant"][:2] == ["(no reply)"] * 2
    assert agent.usage.format_errors == 2


# -- long conversations ----------------------------------------------------------------------------------------------


def talk(observations: int, size: int = 300) -> list[dict[str, Any]]:
    messages = [{"role": "system", "content": "s" * 50}, {"role": "user", "content": "b" * 100}]
    for k in range(observations):
        messages.append({"role": "assistant", "content": f"reply {k}"})
        messages.append({"role": "user", "content": f"line {k}\n" + "x" * size})
    return messages


def test_cutting_leaves_out_the_oldest_observations_and_says_so() -> None:
    before = talk(8)
    after = cut(before, 2000, keep=2)
    assert after is not None
    assert len(after) == len(before)
    assert characters(after) <= 2000 * 2 // 3
    changed = [k for k, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    assert changed == list(range(3, 3 + 2 * len(changed), 2)), "observations only, oldest first, in a row"
    assert after[3]["content"] == "[old output left out: 2 lines]"
    assert before == talk(8)


def test_cutting_keeps_the_latest_and_ends() -> None:
    before = talk(4)
    after = cut(before, 10, keep=2)
    assert after is not None
    assert after[-3:] == before[-3:]
    assert cut(after, 10, keep=2) is None
    assert cut(talk(2), 10, keep=2) is None


def test_all_is_kept_by_default() -> None:
    with Endpoint(lambda _: reply(command("ls"))) as endpoint:
        agent = chat(endpoint)
        run(agent, ["briefing", *["x" * 5000] * 6])
    assert characters(endpoint.requests[-1]["messages"]) > 30_000
    assert agent.earlier == []


def replay(agent: ChatAgent, endpoint: Endpoint) -> None:
    """Every reply the record says was given to a text was given to exactly this text."""
    shown, learned = [], 0
    for view in [*agent.earlier, agent.messages]:
        shown += [view[:k] for k, m in enumerate(view) if m["role"] == "assistant" and k >= learned]
        learned = len(view)
    answered = [request["messages"] for request in endpoint.requests if not request.get("refused")]
    assert shown == answered


def test_a_limit_on_history_and_the_record_of_it() -> None:
    with Endpoint(lambda _: reply(command("ls"))) as endpoint:
        agent = chat(endpoint, history=2500, keep=2)
        run(agent, ["briefing", *[f"output {k}\n" + "x" * 500 for k in range(12)]])
    assert all(characters(request["messages"]) <= 2600 for request in endpoint.requests)
    assert "[old output left out: 2 lines]" in [m["content"] for m in agent.messages]
    assert 1 <= len(agent.earlier) <= 6, "cuts are rare"
    replay(agent, endpoint)


def test_overflow_leaves_out_older_observations() -> None:
    def small_context(request: dict[str, Any]) -> Answer:
        size = characters(request["messages"])
        if size > 4000:
            request["refused"] = True
            return failure(400, "maximum context length is 1000 tokens", "context_length_exceeded")
        return reply(command("ls"), prompt_tokens=size // 4)

    with Endpoint(small_context) as endpoint:
        agent = chat(endpoint)
        actions = run(agent, ["briefing", *["x" * 700] * 9])
    assert actions == ["ls"] * 10
    assert any(request.get("refused") for request in endpoint.requests)
    replay(agent, endpoint)


def test_overflow_with_nothing_left_to_leave_out_stops_the_agent() -> None:
    with Endpoint([reply(command("ls")), failure(400, "prompt is too long")]) as endpoint:
        agent = chat(endpoint)
        with pytest.raises(Stop, match="no longer fits") as caught:
            run(agent, ["briefing", "output"])
    assert caught.value.submit


def test_a_briefing_that_does_not_fit_is_no_agents_doing() -> None:
    with Endpoint(lambda _: failure(400, "prompt is too long")) as endpoint:
        with pytest.raises(NoRoom, match="not even the briefing fits: a larger context"):
            run(chat(endpoint), ["briefing"])
        with pytest.raises(NoRoom, match=r"context=400 leaves room for about 1050 char.*have 49\d\d"):
            run(chat(endpoint, context=400), ["briefing" * 600])
    assert len(endpoint.requests) == 1


def test_a_context_without_room_is_told_before_anything_is_asked() -> None:
    with pytest.raises(UserError, match="setting 'context': input should be more than max_tokens, which is 2000"):
        parse_spec("chat:m@http://127.0.0.1:9/v1?context=1000&max_tokens=2000")
    with pytest.raises(ModelRefused, match="context=10 leaves room for about 27 characters"):
        parse_spec("chat:m@http://127.0.0.1:9/v1?context=10").preflight(call=False)


def test_a_server_that_says_nothing_of_a_full_context() -> None:
    def silent(request: dict[str, Any]) -> Answer:
        size = characters(request["messages"])
        if size > 4000:
            request["refused"] = True
            return reply("", "length", prompt_tokens=size // 4, completion_tokens=0)
        return reply(command("ls"), prompt_tokens=size // 4)

    with Endpoint(silent) as endpoint:
        agent = chat(endpoint)
        assert run(agent, ["briefing", *["x" * 700] * 9]) == ["ls"] * 10
    assert any(request.get("refused") for request in endpoint.requests)
    assert agent.usage.format_errors == 0
    replay(agent, endpoint)


def test_a_model_without_a_system_role_is_recorded_as_it_was_asked() -> None:
    def gemma(request: dict[str, Any]) -> Answer:
        if request["messages"][0]["role"] == "system":
            request["refused"] = True
            return failure(400, "System role not supported")
        return reply(command("ls"))

    with Endpoint(gemma) as endpoint:
        for _ in range(2):
            agent = chat(endpoint, history=2500, keep=2)
            run(agent, ["briefing", *["x" * 700] * 6])
    assert agent.messages[0] == {"role": "user", "content": f"{load_prompt('short')}\n\nbriefing"}
    assert agent.earlier, "and older observations are still those that are left out"
    assert [bool(request.get("refused")) for request in endpoint.requests] == [True] + [False] * 14
    assert agent.messages[:-1] == endpoint.requests[-1]["messages"]


def test_a_context_the_server_does_not_watch() -> None:
    """Counts of the endpoint teach how many characters a token has; nothing longer than the context is ever sent."""

    def unwatched(request: dict[str, Any]) -> Answer:
        return reply(command("ls"), prompt_tokens=characters(request["messages"]) // 2)

    with Endpoint(unwatched) as endpoint:
        agent = chat(endpoint, context=1000, max_tokens=100, keep=2)
        run(agent, ["briefing", *["x" * 300] * 20])
        with pytest.raises(Stop, match="no longer fits 1000 tokens"):
            agent("y" * 5000, {})
    assert max(characters(request["messages"]) // 2 for request in endpoint.requests) <= 900
    replay(agent, endpoint)


def test_a_server_that_counts_new_tokens_only() -> None:
    """It has the rest in a cache; nothing longer than the context is sent all the same."""
    known = [0]

    def cached(request: dict[str, Any]) -> Answer:
        size = characters(request["messages"])
        new, known[0] = max(size - known[0], 40), size
        return reply(command("ls"), prompt_tokens=new // 4)

    with Endpoint(cached) as endpoint:
        agent = chat(endpoint, context=2000, max_tokens=100, keep=2)
        run(agent, ["briefing " * 100, *["x" * 700] * 20])
    assert max(characters(request["messages"]) // 4 for request in endpoint.requests) <= 1900
    assert agent.earlier, "some was left out"


@pytest.mark.parametrize("count", [1, 10**7])
def test_counts_that_no_text_has_teach_nothing(count: int) -> None:
    with Endpoint(lambda _: reply(command("ls"), prompt_tokens=count)) as endpoint:
        agent = chat(endpoint, context=1000, max_tokens=100, keep=1)
        run(agent, ["briefing", *["x" * 500] * 12])
    assert 1500 < max(characters(request["messages"]) for request in endpoint.requests) <= 2700


@pytest.mark.parametrize("status", [400, 413, 422])
@pytest.mark.parametrize("body", [{"error": "computer says no"}, b"", {"detail": [{"loc": ["body"], "msg": "bad"}]}])
def test_a_refusal_in_any_words_of_a_conversation_that_grew_is_taken_for_an_overflow_once(
    status: int, body: Any
) -> None:
    def small_context(request: dict[str, Any]) -> Answer:
        if characters(request["messages"]) > 4000:
            request["refused"] = True
            return Answer(body, status)
        return reply(command("ls"))

    with Endpoint(small_context) as endpoint:
        agent = chat(endpoint, attempts=1)
        actions = run(agent, ["briefing", *["x" * 700] * 9])
    assert actions == ["ls"] * 10
    assert any(request.get("refused") for request in endpoint.requests)
    replay(agent, endpoint)


def test_what_is_refused_when_shortened_too_is_the_endpoints() -> None:
    def moody(request: dict[str, Any]) -> Answer:
        return failure(400, "computer says no") if len(request["messages"]) > 13 else reply(command("ls"))

    with Endpoint(moody) as endpoint, pytest.raises(BadRequest, match="computer says no"):
        run(chat(endpoint), ["briefing", *["x" * 700] * 9])
    sizes = [characters(request["messages"]) for request in endpoint.requests]
    assert len(sizes) == 6 + 2
    assert sizes[-1] < sizes[-2], "it was asked once more, with less"


def test_a_first_conversation_that_is_refused_is_the_endpoints() -> None:
    with Endpoint(lambda _: failure(400, "no")) as endpoint, pytest.raises(BadRequest, match="status 400: no"):
        run(chat(endpoint, temperature=0), ["briefing"])
    assert len(endpoint.requests) == 1


def test_more_tokens_than_any_conversation_leaves_room_for() -> None:
    said = (
        "'max_tokens' or 'max_completion_tokens' is too large: 9000. This model's maximum context length is 8192 tokens"
    )
    with Endpoint(lambda _: failure(400, said)) as endpoint, pytest.raises(ModelRefused, match="max_tokens is 9000"):
        run(chat(endpoint, max_tokens=9000), ["briefing"])
