"""Tokens as they were: what an endpoint tells of its replies is what is recorded of them, and nothing else.

The endpoint is played by `parts/token_endpoint.py`: real HTTP, a real tokenizer and template, no model.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gymnasium
import pytest
import toy_agents
from endpoint import Answer, Endpoint, command, failure, reply
from env_fixtures import needs
from shipped import TEACHER
from token_endpoint import Sampled, Say, TokenEndpoint
from toy_env import ToyEnv

import synthgym  # noqa: F401  its import registers the shipped collections
from synthgym.agents.agent import Stop
from synthgym.agents.calls import full_prompts
from synthgym.agents.chat.agent import ChatAgent, load_prompt
from synthgym.agents.chat.settings import ChatSettings
from synthgym.agents.endpoint.errors import ModelRefused
from synthgym.agents.episode import run_episode
from synthgym.agents.rollout import rollout
from synthgym.agents.specs import parse_spec
from synthgym.agents.trajectories.export import turns
from synthgym.agents.trajectories.store import Store, read_episodes, write_packed
from synthgym.agents.trajectories.trajectory import Trajectory, episode_id
from synthgym.base.errors import ModelError, UserError
from synthgym.train.sequences import sequences_of
from synthgym.train.sft.token_samples import exact_samples
from synthgym.train.small.tokenizer import train_tokenizer

SHIPPED = "synthgym/digits-accuracy-0512-v0"


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    pytest.importorskip("transformers")

    return train_tokenizer([turns(record) for record in list(read_episodes(TEACHER))[:12]], words=500, phrases=20)


def spec(endpoint: Endpoint, **settings: Any) -> Any:
    query = "&".join(f"{name}={value}" for name, value in {"tokens": "true", **settings}.items())
    return parse_spec(f"student=chat:m@{endpoint.url}?{query}")


def as_sampled(record: Trajectory, sampled: list[Sampled]) -> None:
    """Whether the calls of a record are the replies of an endpoint, token for token."""
    assert full_prompts(record.calls) == [each.prompt for each in sampled]
    assert [call.ids for call in record.calls] == [each.ids for each in sampled]
    assert [call.logprobs for call in record.calls] == [each.logprobs for each in sampled]
    assert [call.cut_off for call in record.calls] == [each.say.off for each in sampled]


def trained_as_sampled(record: Trajectory, sampled: list[Sampled]) -> None:
    """Whether what would be trained on is what was sampled, each token once, after what was read then."""
    made = sequences_of(record)
    trained = []
    for sequence in made:
        for each in sequence.replies:
            assert sequence.ids[: each.start] == sampled[each.call].prompt
            assert sequence.logprobs[each.start : each.end] == sampled[each.call].logprobs
            trained.append(sequence.ids[each.start : each.end])
    assert trained == [each.ids for each in sampled]
    assert sum(sum(sequence.mask) for sequence in made) == sum(len(each.ids) for each in sampled)


# -- the whole of it -------------------------------------------------------------------------------------------------

THOUGHTS = "<think>The starter first, I would say: `cat train.py`?</think>"
EPISODE = [
    Say("I would have a look at the starter."),  # no command: sent back
    Say("```bash\nls\n```\n```bash\nsubmit\n```", cut=True),  # two of them: sent back
    Say(f"{THOUGHTS}\n{command('cat train.py')}", reasons=True),
    Say(command("python train.py && validate"), failing=["500", "half", "counts"]),
    Say(f"{THOUGHTS}{command('seq 1 900', 'Some output, to fill the history.')}"),
    Say(command("seq 1 901", "And more of it.")),
    Say("And still more.\n```bash\nseq 1 90", off=True),  # cut off within its command: sent back
    Say(command("seq 1 902"), cut=True),
    Say(command("sed -i 's/USE_COLUMNS = 2 /USE_COLUMNS = 100 /; s/= 300.0/= 0.1/' train.py && python train.py")),
    Say(command("validate")),
    Say(command("submit", "Better."), cut=True),
]


def test_what_is_trained_on_is_what_was_sampled(
    tokenizer: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through malformed replies, thoughts, failures, a cut reply and a shortened history, in a real sandbox."""
    needs("bubblewrap")
    monkeypatch.setattr("synthgym.agents.endpoint.model.random.random", lambda: -0.9)  # no long waits between attempts
    with TokenEndpoint(tokenizer, [Say(**vars(say) | {"failing": list(say.failing)}) for say in EPISODE]) as endpoint:
        env = gymnasium.make(SHIPPED, sandbox="bubblewrap")
        record = run_episode(env, spec(endpoint, history=9000, keep=1), seed=1, sample=2)
        env.close()
    assert record.outcome.exit_status == "submitted"
    assert record.outcome.improvement
    assert record.usage
    assert (record.usage.retries, record.usage.format_errors) == (3, 3)
    sampled = endpoint.sampled
    assert len(sampled) == len(EPISODE) == record.usage.calls
    as_sampled(record, sampled)
    assert [call.valid for call in record.calls] == [n not in (0, 1, 6) for n in range(len(EPISODE))]

    # It was an episode that shows something: the history was shortened, and replies do not come back as they were.
    assert record.earlier
    assert any("[old output left out" in message["content"] for message in record.messages)
    retokenised = [tokenizer(each.say.text, add_special_tokens=False)["input_ids"] for each in sampled]
    differ = [ids[: len(again)] != again for ids, again in zip((s.ids for s in sampled), retokenised, strict=True)]
    assert differ == [say.cut for say in EPISODE]
    assert THOUGHTS not in str(record.messages[:8]), "a parser took them out"
    assert THOUGHTS in tokenizer.decode(record.calls[2].ids)

    made = sequences_of(record)
    assert 3 <= len(made) < len(EPISODE), "some calls follow each other, others do not"
    trained_as_sampled(record, sampled)

    # And so it is on disk.
    store = Store(tmp_path / "out")
    store.claim({"agent": "student"})
    writer = store.writer()
    writer.add(record)
    writer.close()
    write_packed(store, tmp_path / "packed.jsonl.zst")
    (again,) = read_episodes(tmp_path / "packed.jsonl.zst")
    assert again == record
    trained_as_sampled(again, sampled)

    # And so it is fine-tuned on: what held a command is learned, in the tokens it was sampled in, and nothing else.
    found = exact_samples(tokenizer, again, failed={2})
    assert found
    assert [sample.input_ids for sample in found] == [sequence.ids for sequence in made]
    learned = [label for sample in found for label in sample.labels if label != -100]
    commands = [call for call in again.calls if call.valid]
    assert learned == [token for at, call in enumerate(commands) if at != 2 for token in call.ids]
    assert exact_samples(train_tokenizer([[{"role": "user", "content": "other"}]], words=300), again, set()) is None


def test_without_tokens_nothing_is_asked_for_or_kept(tokenizer: Any) -> None:
    with TokenEndpoint(tokenizer, [Say(command("submit"))]) as endpoint:
        record = run_episode(ToyEnv(), spec(endpoint, tokens="false"))
    assert not {"logprobs", "return_token_ids"} & set(endpoint.requests[0])
    assert record.calls == []
    assert json.loads(record.to_line())["schema"] == 1


def test_how_it_is_asked_for(tokenizer: Any) -> None:
    with TokenEndpoint(tokenizer, [Say(command("submit"))]) as endpoint:
        run_episode(ToyEnv(), spec(endpoint, temperature=0.5))
    request = endpoint.requests[0]
    assert (request["return_token_ids"], request["logprobs"], request["temperature"]) == (True, True, 0.5)
    assert "extra_body" not in request


def test_too_many_malformed_replies_are_kept(tokenizer: Any) -> None:
    with TokenEndpoint(tokenizer, [Say("one"), Say("two"), Say("")]) as endpoint:
        record = run_episode(ToyEnv(), spec(endpoint, format_tries=3))
    assert "3 replies in a row" in (record.outcome.error or "")
    as_sampled(record, endpoint.sampled)
    assert not any(call.valid for call in record.calls)
    assert record.calls[2].ids == [tokenizer.eos_token_id], "it said nothing: the end of its turn was sampled"
    trained_as_sampled(record, endpoint.sampled)


def test_an_empty_reply_is_shown_in_other_words_and_begins_another_sequence(tokenizer: Any) -> None:
    with TokenEndpoint(tokenizer, [Say("", off=False), Say(command("submit"))]) as endpoint:
        record = run_episode(ToyEnv(), spec(endpoint))
    assert record.messages[2]["content"] == "(no reply)"
    assert len(sequences_of(record)) == 2
    trained_as_sampled(record, endpoint.sampled)


def test_a_reply_cut_off_before_its_first_token_is_asked_for_again_and_no_call(tokenizer: Any) -> None:
    script = [Say(command("x" * 400)), Say("", off=True), Say(command("submit"))]
    with TokenEndpoint(tokenizer, script) as endpoint:
        agent = ChatAgent("m", endpoint.url, ChatSettings(tokens=True, keep=1))
        agent.reset("briefing", {})
        agent("briefing", {})
        agent.messages += [{"role": "user", "content": "old\n" * 100}, {"role": "assistant", "content": "ok"}]
        assert agent("observation", {}) == "submit"
    assert [call.ids for call in agent.calls] == [endpoint.sampled[0].ids, endpoint.sampled[2].ids]


def test_a_second_episode_begins_with_no_calls(tokenizer: Any) -> None:
    with TokenEndpoint(tokenizer, [Say(command("a")), Say(command("b"))]) as endpoint:
        agent = ChatAgent("m", endpoint.url, ChatSettings(tokens=True))
        for _ in range(2):
            agent.reset("briefing", {})
            agent("briefing", {})
    assert [call.ids for call in agent.calls] == [endpoint.sampled[1].ids]
    assert agent.calls[0].shared == 0


# -- endpoints that do not tell --------------------------------------------------------------------------------------


def told(**changed: Any) -> Answer:
    """An answer that tells its tokens, but for what is changed."""
    answer = reply(command("submit"))
    choice = answer.body["choices"][0]
    choice["token_ids"], choice["logprobs"] = [5, 6], {"content": [{"logprob": -0.5}, {"logprob": -1}]}
    answer.body["prompt_token_ids"] = [1, 2, 3]
    for name, value in changed.items():
        (answer.body if name == "prompt_token_ids" else choice)[name] = value
    return answer


MISSING = [
    ({"prompt_token_ids": None}, "no prompt_token_ids"),
    ({"token_ids": None}, "no token_ids"),
    ({"token_ids": [5, "6"]}, "something else than tokens in token_ids"),
    ({"token_ids": [5, -6]}, "something else than tokens in token_ids"),
    ({"logprobs": None}, "no log-probabilities"),
    ({"logprobs": {"content": None}}, "no log-probabilities"),
    ({"logprobs": {"content": [{"logprob": -0.5}]}}, "2 tokens and 1 log-probabilities"),
    ({"token_ids": [], "logprobs": {"content": [{"logprob": -0.5}]}}, "0 tokens and 1 log-probabilities"),
    ({"logprobs": {"content": [{"logprob": -0.5}, {"logprob": None}]}}, "a log-probability that is no number: None"),
    ({"logprobs": {"content": [{"logprob": -0.5}, 1]}}, "a log-probability that is no number: None"),
    ({"logprobs": {"content": [{"logprob": -0.5}, {"logprob": float("nan")}]}}, "that is no number: nan"),
    ({"logprobs": {"content": [{"logprob": -0.5}, {"logprob": -9999.0}]}}, "a token without a log-probability"),
]


@pytest.mark.parametrize(("changed", "words"), MISSING)
def test_an_endpoint_that_does_not_tell_is_refused(changed: dict[str, Any], words: str) -> None:
    with Endpoint(lambda _: told(**changed)) as endpoint:
        agent = spec(endpoint)
        for attempt in (agent.preflight, lambda: run_episode(ToyEnv(), agent)):
            with pytest.raises(ModelRefused, match="tokens=true asks for the tokens of every reply") as caught:
                attempt()
            assert words in str(caught.value)
            assert isinstance(caught.value, UserError), "the command ends with exit status 2"
    assert len(endpoint.requests) == 2, "it is not asked again and again"


@pytest.mark.parametrize(("changed", "words"), MISSING[::4])
def test_one_that_told_before_is_asked_again(changed: dict[str, Any], words: str) -> None:
    with Endpoint([told(), told(**changed), told(prompt_token_ids=[4])]) as endpoint:
        agent = spec(endpoint, attempts=2)
        assert agent.preflight() is None
        record = run_episode(ToyEnv(), agent)
    assert record.usage
    assert record.usage.retries == 1
    (call,) = record.calls
    assert (call.prompt_ids, call.ids, call.logprobs) == ([4], [5, 6], [-0.5, -1.0])


def test_one_that_tells_no_more_has_failed() -> None:
    script = [told(), *[told(token_ids=None)] * 2]
    with Endpoint(script) as endpoint:
        agent = spec(endpoint, attempts=2)
        assert agent.preflight() is None
        with pytest.raises(ModelError, match="an answer without its tokens: no token_ids; gave up") as caught:
            run_episode(ToyEnv(), agent)
    assert not isinstance(caught.value, UserError)


@pytest.mark.parametrize(
    "said",
    [
        (400, "Unrecognized request argument supplied: return_token_ids"),
        (422, "Unexpected keys in the request: {'return_token_ids', 'logprobs'}"),
        (400, "logprobs is not supported for this model"),
    ],
)
def test_one_that_refuses_the_parameters_is_told_by_the_setting(said: tuple[int, str]) -> None:
    with Endpoint(lambda _: failure(*said)) as endpoint:
        for attempt in (spec(endpoint).preflight, lambda: run_episode(ToyEnv(), spec(endpoint))):
            with pytest.raises(ModelRefused, match="refuses the setting tokens=true, which asks for return_token"):
                attempt()


def test_one_that_refuses_them_in_unknown_words_makes_one_think_of_it() -> None:
    with Endpoint(lambda _: failure(400, "Bad request")) as endpoint:
        with pytest.raises(ModelRefused, match="Bad request; tokens=true may be why"):
            spec(endpoint).preflight()
        with pytest.raises(ModelRefused) as caught:
            spec(endpoint, tokens="false").preflight()
    assert "tokens" not in str(caught.value)


def test_a_rollout_ends_before_its_first_episode(tmp_path: Path) -> None:
    with Endpoint(lambda _: reply(command("submit"))) as endpoint:
        for preflight in (True, False):
            with pytest.raises(ModelRefused, match="tokens=true"):
                rollout(["toy/one-v0"], spec(endpoint), out=tmp_path / "out", preflight=preflight)
    assert list(Store(tmp_path / "out")) == []
    assert len(endpoint.requests) == 2


# -- specs and samples -----------------------------------------------------------------------------------------------


SETTINGS_AS_FIRST_HASHED = (
    '{"prompt":"short","temperature":null,"top_p":null,"max_tokens":null,"reasoning_effort":null,"format_tries":3,'
    '"context":null,"history":null,"keep":5,"timeout":120.0,"attempts":6,"price_prompt":null,"price_completion":null}'
)


def test_an_agent_is_another_only_where_it_asks_for_tokens() -> None:
    plain, off, on = (parse_spec(f"chat:m@http://127.0.0.1:1/v1{query}") for query in ("", "?tokens=0", "?tokens=1"))
    assert plain.source == off.source != on.source
    before = ["m", SETTINGS_AS_FIRST_HASHED, load_prompt("short")]
    assert plain.source == hashlib.sha256("\0".join(before).encode()).hexdigest()[:16], "what is recorded stays its own"


def test_samples_of_a_seed() -> None:
    first, again, second = (run_episode(ToyEnv(), toy_agents.Seeded, seed=4, sample=n) for n in (0, 0, 1))
    assert [each.sample for each in (first, second)] == [0, 1]
    assert first.episode_id == again.episode_id == episode_id("ToyEnv", "seeded", 4)
    assert second.episode_id == episode_id("ToyEnv", "seeded", 4, 1) != first.episode_id
    assert first.steps[0].action == again.steps[0].action != second.steps[0].action, "another luck of the agent"
    assert {each.seed for each in (first, second)} == {4}
    with pytest.raises(UserError, match="sample: expected at least 0, got -1"):
        run_episode(ToyEnv(), toy_agents.Seeded, sample=-1)


def test_samples_ask_the_model_with_other_seeds() -> None:
    with Endpoint(lambda _: reply(command("submit"))) as endpoint:
        for sample in (0, 1, 1):
            run_episode(ToyEnv(), spec(endpoint, tokens="false"), seed=3, sample=sample)
    zero, one, same = (request["seed"] for request in endpoint.requests)
    assert zero != one == same


def test_a_rollout_of_samples_is_resumed(tmp_path: Path) -> None:
    ids = ["toy/one-v0", "toy/two-v0"]
    assert rollout(ids, toy_agents.Seeded, out=tmp_path, episodes=2).finished == 4
    summary = rollout(ids, toy_agents.Seeded, out=tmp_path, episodes=2, samples=3, jobs=2)
    assert (summary.planned, summary.resumed, summary.finished) == (12, 4, 8)
    found = {(record.env_id, record.seed, record.sample) for record in Store(tmp_path)}
    assert len(found) == 12


# -- threads ---------------------------------------------------------------------------------------------------------


def test_episodes_in_threads_at_the_same_time(tokenizer: Any) -> None:
    """Each keeps its own conversation, tokens and counts, though all ask the same endpoint."""
    together = threading.Barrier(4, timeout=60)

    class Endless(TokenEndpoint):
        def _reply(self, request: dict[str, Any]) -> Answer:
            number = sum(message["role"] == "assistant" for message in request["messages"])
            self.script = [Say(command(f"score 0.{request['seed'] % 89 + 10} && validate" if number < 3 else "submit"))]
            return super()._reply(request)

    class Waiting(ToyEnv):
        def reset(self, **options: Any) -> Any:
            together.wait()
            return super().reset(**options)

    with Endless(tokenizer, []) as endpoint:
        agent = spec(endpoint)

        def run(sample: int) -> Trajectory:
            return run_episode(Waiting(), agent, seed=1, sample=sample, env_id="toy/one-v0")

        with ThreadPoolExecutor(4) as pool:
            records = list(pool.map(run, range(12)))
    assert [record.sample for record in records] == list(range(12))
    out = {(tuple(each.prompt), tuple(each.ids)): each.logprobs for each in endpoint.sampled}
    assert len(endpoint.sampled) == 48
    for record in records:
        assert record.usage
        assert (record.usage.calls, len(record.calls), len(record.steps)) == (4, 4, 4)
        for prompt, call in zip(full_prompts(record.calls), record.calls, strict=True):
            assert out[tuple(prompt), tuple(call.ids)] is not None
        said = [message["content"] for message in record.messages if message["role"] == "assistant"]
        assert [tokenizer.decode(call.ids, skip_special_tokens=True) for call in record.calls] == said
        assert [step.content for step in record.steps] == said
        (sequence,) = sequences_of(record)
        assert len(sequence.replies) == 4
    assert len({record.steps[0].action for record in records}) > 6, "other samples, other luck"


def test_real_sandboxes_in_threads_at_the_same_time() -> None:
    needs("bubblewrap")
    script = [command("python train.py && validate"), command("submit")]

    def answer(request: dict[str, Any]) -> Answer:
        return reply(script[sum(message["role"] == "assistant" for message in request["messages"])])

    with Endpoint(answer) as endpoint:
        agent = spec(endpoint, tokens="false")

        def run(sample: int) -> Trajectory:
            env = gymnasium.make(SHIPPED, sandbox="bubblewrap", disable_env_checker=True)
            try:
                return run_episode(env, agent, seed=5, sample=sample)
            finally:
                env.close()

        with ThreadPoolExecutor(3) as pool:
            records = list(pool.map(run, range(6)))
    assert {record.outcome.exit_status for record in records} == {"submitted"}
    assert len({record.reset.observation for record in records}) == 1
    assert len({tuple(record.outcome.validations) for record in records}) == 1, "one seed of data"


# -- what it costs ---------------------------------------------------------------------------------------------------


def test_what_calls_cost(tokenizer: Any) -> None:
    """Three signs for a token that was read, eight for one that was sampled, and no token of a prompt twice."""
    script = [Say(command(f"seq 1 {n}")) for n in range(10)] + [Say(command("submit"))]
    with TokenEndpoint(tokenizer, script) as endpoint:
        record = run_episode(ToyEnv(max_steps=20), spec(endpoint))
    read = len(sequences_of(record)[0].ids) - sum(len(call.ids) for call in record.calls)
    sampled = sum(len(call.ids) for call in record.calls)
    room = len(record.to_line()) - len(record.model_copy(update={"calls": []}).to_line())
    assert room <= 3 * read + 8 * sampled + 90 * len(record.calls)
    assert statistics.mean(call.shared for call in record.calls[1:]) > 20


def test_stopping_keeps_calls(tokenizer: Any) -> None:
    with TokenEndpoint(tokenizer, [Say("a"), Say("b")]) as endpoint:
        agent = ChatAgent("m", endpoint.url, ChatSettings(tokens=True, format_tries=2))
        with pytest.raises(Stop):
            agent("briefing", {})
    assert len(agent.calls) == 2
