"""A real vLLM on loopback: its tokens are the trained template's, its log-probabilities are the model's own."""

from __future__ import annotations

import os
import re
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openai
import pytest
from env_fixtures import needs
from tiny_models import TALK, save_adapter, save_tiny

from synthgym.agents.endpoint.keys import key_for
from synthgym.agents.endpoint.model import Model
from synthgym.base.errors import ModelError, UnknownNameError
from synthgym.train.models.resolve import load
from synthgym.train.serving import Server, serve
from synthgym.train.serving.errors import AdapterDoesNotFit, ServerFailed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]  # a start takes a minute, and more on a busy machine

ASKED = [
    TALK[:2],
    [{"role": "user", "content": "marble validate"}],
    [*TALK, {"role": "user", "content": "Once more: frogs."}],
    [{"role": "user", "content": "é\n\n  <|im_end|> {{ x }} 12"}, TALK[2], TALK[1]],
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, adapters of it and of another."""
    needs("vllm")
    folder = tmp_path_factory.mktemp("models")
    save_tiny(folder / "tiny", seed=1)
    save_tiny(folder / "other", seed=2, width=192)
    for name, base, rank in (("one", "tiny", 8), ("two", "tiny", 16), ("large", "tiny", 64), ("others", "other", 8)):
        save_adapter(folder / base, folder / name, rank=rank, seed=rank, target_modules="all-linear")
    save_adapter(folder / "tiny", folder / "dora", use_dora=True, target_modules=["q_proj"])
    # What sampling the model would like must not matter.
    (folder / "tiny" / "generation_config.json").write_text(
        '{"do_sample": true, "temperature": 0.1, "top_k": 2, "repetition_penalty": 1.5, "eos_token_id": 1}'
    )
    return folder


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[Server]:
    """One server for all tests; the last of them kills it."""
    adapters = {"first": place / "one"}
    with serve(place / "tiny", engine="vllm", adapters=adapters, max_lora_rank=16, threads=1) as running:
        yield running


def ask(server: Server, talk: list[dict[str, str]], model: str | None = None, **settings: Any) -> Any:
    client = openai.OpenAI(base_url=server.base_url, api_key=server.key, max_retries=0)
    if server.tokens:
        settings |= {"logprobs": True, "extra_body": {"return_token_ids": True}}
    settings = {"max_tokens": 12, "temperature": 0, **settings}
    return client.chat.completions.create(model=model or server.model, messages=talk, **settings)  # type: ignore[arg-type]


def own_logprobs(model: Any, prompt: list[int], sampled: list[int], temperature: float = 1.0) -> list[float]:
    import torch

    with torch.no_grad():
        logits = model(torch.tensor([prompt + sampled])).logits[0, len(prompt) - 1 : -1] / temperature
    return [float(row[token]) for row, token in zip(logits.log_softmax(-1), sampled, strict=True)]


def test_tokens_and_log_probabilities_are_the_models_own(server: Server, place: Path) -> None:
    model, tokenizer = load(place / "tiny")
    for talk in ASKED:
        for seed, temperature in ((1, 1.0), (2, 0.7)):
            answer = ask(server, talk, temperature=temperature, seed=seed)
            shown = tokenizer.apply_chat_template(talk, add_generation_prompt=True, tokenize=True)["input_ids"]
            assert answer.prompt_token_ids == shown
            sampled = answer.choices[0].token_ids
            told = [each.logprob for each in answer.choices[0].logprobs.content]
            assert told == pytest.approx(own_logprobs(model, shown, sampled, temperature), abs=1e-3)
    # Without a temperature, it is the model's own distribution: 8 answers of the model's own taste would be much alike.
    client = openai.OpenAI(base_url=server.base_url, api_key=server.key, max_retries=0)
    answers = {
        client.chat.completions.create(model=server.model, messages=TALK[:2], max_tokens=6, seed=seed)  # type: ignore[call-overload]
        .choices[0]
        .message.content
        for seed in range(8)
    }
    assert len(answers) > 4


def plain(answer: Any) -> str:
    """What was said, without what one engine shows and the other does not: special tokens, half a character."""
    return re.sub(r"<\|im_\w+\|>(system|user|assistant)?\n?", "", answer.choices[0].message.content).rstrip("\ufffd")


def test_both_engines_say_the_same(server: Server, place: Path) -> None:
    with serve(place / "tiny", engine="transformers", adapters={"first": place / "one"}) as other:
        for talk in ASKED:
            for model in (None, "first"):
                mine, theirs = (ask(each, talk, model) for each in (server, other))
                assert plain(mine) == plain(theirs)
                assert mine.usage.prompt_tokens == theirs.usage.prompt_tokens
                assert len(mine.choices[0].token_ids) == theirs.usage.completion_tokens


def test_adapters_come_and_go(server: Server, place: Path) -> None:
    base, first = (ask(server, TALK[:2], model).choices[0].message.content for model in (None, "first"))
    server.load_adapter("second", place / "two")
    second = ask(server, TALK[:2], "second")
    assert len({base, first, second.choices[0].message.content}) == 3
    from peft import PeftModel

    model = PeftModel.from_pretrained(load(place / "tiny")[0], str(place / "two"))
    told = [each.logprob for each in second.choices[0].logprobs.content]
    wanted = own_logprobs(model, second.prompt_token_ids, second.choices[0].token_ids)
    assert told == pytest.approx(wanted, abs=1e-3)
    # Several at a time, as episodes ask.
    with ThreadPoolExecutor(4) as pool:
        names = [None, "first", "second"] * 3
        answers = list(pool.map(lambda name: ask(server, TALK[:2], name).choices[0].message.content, names))
    assert answers == [base, first, second.choices[0].message.content] * 3
    server.unload_adapter("second")
    with pytest.raises(openai.NotFoundError):
        ask(server, TALK[:2], "second")
    with pytest.raises(UnknownNameError, match="adapter 'second'; known: first"):
        server.spec("second")
    with pytest.raises(UnknownNameError):
        server.unload_adapter("second")
    assert server.spec("first", tokens=True) == f"chat:first@{server.base_url}?tokens=true"


def test_seeds_hold_where_prompts_are_too_many_to_be_read_at_once(server: Server) -> None:
    talks = [[{"role": "user", "content": f"{number} " + "frogs é " * 140}] for number in range(24)]

    def answer(number: int) -> Any:
        return ask(server, talks[number], temperature=1.0, seed=number)

    with ThreadPoolExecutor(24) as pool:
        together = list(pool.map(answer, range(24)))
    assert sum(each.usage.prompt_tokens for each in together) > 10_000  # it reads some thousand at a time
    alone = [answer(number) for number in range(24)]
    same = [
        mine.choices[0].token_ids == theirs.choices[0].token_ids for mine, theirs in zip(together, alone, strict=True)
    ]
    assert sum(same) > 20  # a token that is drawn by a hair may be another in another batch


def test_weights_are_served_as_asked(place: Path) -> None:
    model, _ = load(place / "tiny")
    with serve(place / "tiny", engine="vllm", max_lora_rank=None, threads=1, dtype="bfloat16") as running:
        found = ask(running, TALK[:2])
    told = [each.logprob for each in found.choices[0].logprobs.content]
    wanted = own_logprobs(model, found.prompt_token_ids, found.choices[0].token_ids)
    assert told == pytest.approx(wanted, abs=0.3)
    assert told != pytest.approx(wanted, abs=1e-3)


def test_adapters_that_do_not_fit_are_told_and_do_no_harm(server: Server, place: Path) -> None:
    for name, said in (
        ("large", r"its rank is 64, and the server has room for 16; start it with max_lora_rank=64"),
        ("others", r"an adapter of another model than .*tiny: model\.layers\.0\.\S+ is 128 to"),
        ("tiny", r"expected the folder of a saved LoRA adapter \(with adapter_config.json\); it is a whole model"),
        ("dora", r"the server does not take this adapter: .*DoRA"),
    ):
        with pytest.raises(AdapterDoesNotFit, match=said):
            server.load_adapter("bad", place / name)
    assert server.adapters == ["first"]
    assert ask(server, TALK[:2], "first").choices[0].message.content


def test_without_the_key_nothing_is_answered(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for headers in ({}, {"Authorization": "Bearer none"}):
        request = urllib.request.Request(f"{server.base_url}/models", headers=headers)
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(request)
    assert server.key not in repr(server)
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        assert server.key.encode() not in process.read_bytes()
    # Agents find it by the address, whatever key the user has for others.
    monkeypatch.setenv("OPENAI_API_KEY", "sk-somebody-elses")
    assert key_for(server.base_url) == server.key
    assert key_for("http://127.0.0.1:1/v1") == "sk-somebody-elses"
    assert Model(server.model, server.base_url, parameters={"max_tokens": 2}).complete(TALK[:2]).completion_tokens == 2


def processes_of(server: Server) -> list[int]:
    """All of a server's family: they work in its folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(folder / "cwd").startswith(str(server.log.parent)):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_killed_in_the_middle_it_is_an_infrastructure_error_and_leaves_nothing(server: Server) -> None:
    family = processes_of(server)
    names = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in family}
    engine = next(pid for pid, name in names.items() if b"EngineCore" in name)
    model = Model(server.model, server.base_url, parameters={"max_tokens": 900}, attempts=2, backoff=0.1)
    with ThreadPoolExecutor(16) as pool:  # one reply may end by itself before
        answers = [pool.submit(model.complete, TALK[:2], seed=seed) for seed in range(16)]
        time.sleep(0.5)
        os.kill(engine, signal.SIGKILL)
        errors = [answer.exception(timeout=60) for answer in answers]
    assert any(errors)
    assert all(error is None or isinstance(error, ModelError) for error in errors)
    deadline = time.monotonic() + 30
    while (server.alive() or processes_of(server)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not server.alive()
    assert processes_of(server) == []
    with pytest.raises(ServerFailed, match=r"(?s)the model server ended with code.*it printed:"):
        server.load_adapter("late", server.source.folder.parent / "one")
