"""A real `transformers serve` on loopback: answers, and is gone when its block or its parent is."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import openai
import pytest
from tiny_models import TALK, save_adapter, save_tiny

from synthgym.agents.chat.agent import ChatAgent
from synthgym.agents.endpoint.keys import KEYS_VARIABLE, key_for, own_keys
from synthgym.agents.endpoint.model import Model
from synthgym.agents.endpoint.redaction import redact
from synthgym.agents.specs import parse_spec
from synthgym.base.errors import ModelError, UnknownNameError, UserError
from synthgym.train.models.resolve import load
from synthgym.train.models.saving import save_model
from synthgym.train.serving import serve as serve_by
from synthgym.train.serving.errors import AdapterDoesNotFit, NotEnoughMemory, ServerFailed
from synthgym.train.serving.process import HOST, Launch, ServerProcess, free_port
from synthgym.train.serving.specs import read_spec, serving
from synthgym.train.small.student import StudentConfig, new_student
from synthgym.train.small.tokenizer import train_tokenizer

serve = partial(serve_by, engine="transformers")


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Untrained: it says something, which is enough here."""
    folder = tmp_path_factory.mktemp("student")
    tokenizer = train_tokenizer([TALK] * 3, words=300, phrases=0)
    save_model(new_student(StudentConfig(width=32, layers=2), tokenizer), tokenizer, folder)
    return folder


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def port_of(base_url: str) -> int:
    return int(base_url.rsplit(":", 1)[1].split("/")[0])


@pytest.mark.slow
def test_it_answers_greedily_and_ends_with_the_block(student: Path) -> None:
    with serve(student) as endpoint:
        client = openai.OpenAI(base_url=endpoint.base_url, api_key=endpoint.key, max_retries=0)
        answers = [
            client.chat.completions.create(
                model=endpoint.model,
                messages=TALK[:2],  # type: ignore[arg-type]
                max_tokens=7,
                temperature=0,
            )
            for _ in range(3)
        ]
        assert {answer.choices[0].message.content for answer in answers} == {answers[0].choices[0].message.content}
        usage = answers[0].usage
        assert usage is not None
        assert 0 < usage.completion_tokens <= 7
        assert "im_start" not in (answers[0].choices[0].message.content or "")
        assert endpoint.spec() == f"chat:{endpoint.model}@{endpoint.base_url}"
        agent = ChatAgent(endpoint.model, endpoint.base_url)
        agent.model.complete(TALK[:2])
        assert agent.usage.calls == 1
    assert not listens(port_of(endpoint.base_url))


@pytest.mark.slow
def test_an_answer_does_not_depend_on_what_else_is_asked(student: Path) -> None:
    # It copies: each conversation is answered as it was answered before.
    said = ["window window", "marble, marble", "frogs. frogs", "You copy", "validate", "copy copy copy"]
    talks = [[*TALK[:2], {"role": "assistant", "content": before}, TALK[1]] for before in said]
    with serve(student) as endpoint:
        client = openai.OpenAI(base_url=endpoint.base_url, api_key=endpoint.key, max_retries=0)

        def ask(talk: list[dict[str, str]]) -> str | None:
            answer = client.chat.completions.create(
                model=endpoint.model,
                messages=talk,  # type: ignore[arg-type]
                max_tokens=30,
                temperature=0,
            )
            return answer.choices[0].message.content

        alone = [ask(talk) for talk in talks]
        with ThreadPoolExecutor(6) as pool:
            together = list(pool.map(ask, [*talks, *reversed(talks)]))
    assert len(set(alone)) > 1
    assert together == [*alone, *reversed(alone)]


PARENT = """
import sys, time
from synthgym.train.serving import serve
with serve(sys.argv[1], engine="transformers") as endpoint:
    print(endpoint.base_url, flush=True)
    time.sleep(300)
"""


@pytest.mark.slow
def test_it_dies_with_its_parent(student: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(student)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    port = port_of(parent.stdout.readline().strip())
    assert listens(port)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 5
    while listens(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not listens(port)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"expected the folder of a saved model"), serve(tmp_path):
        pass


def test_a_taken_port_is_named(student: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"port {port} cannot be used"), serve(student, port=port):
            pass


@pytest.mark.slow
def test_a_server_that_does_not_come_up_says_why(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "no_such_architecture"}')
    (tmp_path / "model.safetensors").touch()
    (tmp_path / "chat_template.jinja").write_text("{{ messages[0].content }}")
    with pytest.raises(ModelError, match=r"(?s)ended with code 1.*Unrecognized processing class"), serve(tmp_path):
        pass


@pytest.mark.slow
def test_a_server_that_is_too_slow_is_ended(student: Path) -> None:
    children = set(os.listdir("/proc"))
    with pytest.raises(ModelError, match=r"not ready within 0\.3 s"), serve(student, timeout=0.3):
        pass
    left = [
        pid
        for pid in set(os.listdir("/proc")) - children
        if pid.isdigit() and str(student).encode() in _command_line(pid)
    ]
    assert left == []


def _command_line(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with random weights, and adapters of it and of another."""
    folder = tmp_path_factory.mktemp("models")
    save_tiny(folder / "tiny")
    save_tiny(folder / "other", width=192)
    save_adapter(folder / "tiny", folder / "tuned", target_modules="all-linear")
    save_adapter(folder / "other", folder / "others", target_modules="all-linear")
    return folder


@pytest.mark.slow
def test_with_transformers_tokens_keys_and_adapters_are_as_with_vllm(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, tokenizer = load(place / "tiny")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-somebody-elses")
    with serve(place / "tiny", context=64) as server:
        assert (server.tokens, server.engine, server.context) == (False, "transformers", 64)
        client = openai.OpenAI(base_url=server.base_url, api_key=server.key, max_retries=0)

        def ask(model: str, **settings: Any) -> Any:
            settings = {"max_tokens": 9, "temperature": 0, **settings}
            return client.chat.completions.create(model=model, messages=TALK[:2], **settings)  # type: ignore[arg-type]

        shown = tokenizer.apply_chat_template(TALK[:2], add_generation_prompt=True, tokenize=True)["input_ids"]
        plain = ask(server.model)
        assert plain.usage.prompt_tokens == len(shown)
        assert ask("tiny").choices[0].message.content == plain.choices[0].message.content
        # Sampling is by the seed, also when others ask; without a temperature it is the model's own distribution.
        with ThreadPoolExecutor(4) as pool:
            sampled = list(pool.map(lambda seed: ask(server.model, temperature=None, seed=seed), [1, 2, 3, 1, 2, 3]))
        said = [each.choices[0].message.content for each in sampled]
        assert said[:3] == said[3:]
        assert len(set(said)) == 3
        # Adapters.
        server.load_adapter("tuned", place / "tuned")
        assert ask("tuned").choices[0].message.content != plain.choices[0].message.content
        assert server.spec("tuned", tokens=True, temperature=0.5).endswith("?tokens=true&temperature=0.5")
        with pytest.raises(AdapterDoesNotFit, match="an adapter of another model"):
            server.load_adapter("bad", place / "others")
        with pytest.raises(AdapterDoesNotFit, match="has already been loaded"):
            server.load_adapter("tuned", place / "tuned")
        server.unload_adapter("tuned")
        with pytest.raises(openai.NotFoundError, match="`tuned` does not exist"):
            ask("tuned")
        with pytest.raises(UnknownNameError):
            server.unload_adapter("tuned")
        assert ask(server.model).choices[0].message.content == plain.choices[0].message.content
        # Keys.
        for key in ("none", "sk-somebody-elses"):
            with pytest.raises(openai.AuthenticationError):
                openai.OpenAI(base_url=server.base_url, api_key=key, max_retries=0).models.list()
        assert key_for(server.base_url + "/") == server.key
        assert redact(f"it said {server.key}") == "it said [secret]"
        assert server.key not in repr(server)
        agent = ChatAgent(server.model, server.base_url)
        agent.model.parameters["max_tokens"] = 3
        assert agent.model.complete(TALK[:2]).completion_tokens == 3
        with pytest.raises(openai.BadRequestError, match="maximum context length is 64 tokens"):
            ask(server.model, max_tokens=60)
        folder = server.log.parent
    assert not folder.exists()
    assert server.base_url not in own_keys()
    assert key_for(server.base_url) == "sk-somebody-elses"


def test_weights_are_served_as_asked(place: Path) -> None:
    import torch

    expected = {}
    for dtype in ("float32", "bfloat16"):
        model, tokenizer = load(place / "tiny", dtype=dtype)
        ids = tokenizer.apply_chat_template(TALK[:2], add_generation_prompt=True, return_tensors="pt")["input_ids"]
        with torch.no_grad():
            answer = model.generate(ids, do_sample=False, max_new_tokens=40)[0, ids.shape[1] :]
        expected[dtype] = tokenizer.decode(answer, skip_special_tokens=True)
    assert expected["float32"] != expected["bfloat16"]
    with serve(place / "tiny", dtype="bfloat16") as server:
        model = Model(server.model, server.base_url, parameters={"max_tokens": 40, "temperature": 0})
        assert model.complete(TALK[:2]).content == expected["bfloat16"]


def test_what_cannot_be_served_is_told_before_anything_is_started(place: Path, tmp_path: Path) -> None:
    wrong: list[tuple[dict[str, Any], type[Exception], str]] = [
        ({"context": 4096}, UserError, r"was made for 1024 tokens, got 4096"),
        ({"adapters": {"a": place / "others"}}, AdapterDoesNotFit, r"of another model than .*tiny"),
        ({"adapters": {"a": place / "tuned"}, "max_lora_rank": 4}, AdapterDoesNotFit, r"its rank is 8, .* room for 4"),
        ({"adapters": {"a": place / "tuned"}, "max_lora_rank": None}, UserError, r"no room for any"),
        ({"adapters": {"a": tmp_path}}, AdapterDoesNotFit, r"expected the folder of a saved LoRA adapter"),
        ({"engine": "other"}, UnknownNameError, r"unknown engine 'other'"),
    ]
    for settings, error, said in wrong:
        with pytest.raises(error, match=said), serve_by(place / "tiny", **{"engine": "transformers", **settings}):
            pass


def process(command: str, tmp_path: Path) -> ServerProcess:
    launch = Launch([sys.executable, "-c", command], free_port(None), room="take a smaller model")
    return ServerProcess(launch, tmp_path, tmp_path / "log")


@pytest.mark.parametrize(
    "said", ["RuntimeError: out of memory", "ValueError: 9 GiB is larger than the available KV cache memory"]
)
def test_too_little_memory_is_an_error_of_its_own(said: str, tmp_path: Path) -> None:
    with pytest.raises(NotEnoughMemory, match="take a smaller model"):
        process(f"raise SystemExit({said!r})", tmp_path).wait_until_ready(20)
    with pytest.raises(NotEnoughMemory):  # as the system ends who takes too much
        process("import os; os.kill(os.getpid(), 9)", tmp_path).wait_until_ready(20)
    with pytest.raises(ServerFailed, match="ended with code 3") as other:
        process("raise SystemExit(3)", tmp_path).wait_until_ready(20)
    assert not isinstance(other.value, NotEnoughMemory)


FAMILY = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
time.sleep(300)
"""


@pytest.mark.parametrize("how", ["server", "keeper", "stop"])
def test_nobody_of_the_family_is_left(how: str, tmp_path: Path) -> None:
    def family() -> list[int]:
        return sorted(int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _works_in(folder, tmp_path))

    running = process(FAMILY, tmp_path)
    deadline = time.monotonic() + 20
    while len(family()) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    keeper, server, _ = family()
    if how == "stop":
        running.stop()
    else:
        os.kill(server if how == "server" else keeper, signal.SIGKILL if how == "server" else signal.SIGTERM)
    deadline = time.monotonic() + 30
    while family() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert family() == []
    assert not running.alive()


def _works_in(folder: Path, place: Path) -> bool:
    try:
        return Path(os.readlink(folder / "cwd")) == place
    except OSError:
        return False


# -- specs of models to be served -----------------------------------------------------------------------------------


def test_specs_are_named_by_model_and_adapter_and_checked_before_a_server_is_started(place: Path) -> None:
    for spec, name in (
        ("serve:runs/student", "student"),
        ("serve:user/Qwen3-4B@main?temperature=0", "Qwen3-4B"),
        ("serve:smollm2-135m?adapter=runs/rl one", "smollm2-135m+rl-one"),
        ("mine=serve:smollm2-135m", "mine"),
        (f"serve:{place / 'tuned'}?temperature=0", "tiny+tuned"),  # an adapter, which names its model
    ):
        found = read_spec(spec)
        assert found is not None
        assert found.name == name
    assert read_spec("scripted") is read_spec("chat:serve:x@http://127.0.0.1:1/v1") is None
    for spec, said in (
        ("serve:x?temprature=0", "did you mean 'temperature'"),
        ("serve:x?temperature=-1", "setting 'temperature'"),
        ("serve:x?engine=llama", "setting 'engine': expected auto, vllm or transformers"),
        ("serve:x?threads=0", "setting 'threads'"),
        (f"serve:{place / 'tiny'}?adapter=/nowhere", "there is no such folder"),
        (f"serve:{place / 'tuned'}?adapter={place / 'others'}", r"is an adapter itself: name its model \(.*tiny\)"),
    ):
        with pytest.raises(UserError, match=said), serving([spec], lambda _: None):
            pass
    with pytest.raises(UserError, match=r"synthgym\.train\.serving\.serve"):
        parse_spec("serve:smollm2-135m")


SERVED = "engine=transformers&context=512"


@pytest.mark.slow
def test_specs_of_one_model_share_a_server(place: Path) -> None:
    model = f"serve:{place / 'tiny'}?{SERVED}"
    said: list[str] = []
    asked = ["scripted", model, f"tuned={model}&adapter={place / 'tuned'}", f"serve:{place / 'tuned'}?{SERVED}"]
    with serving(asked, said.append) as specs:
        scripted, base, tuned, itself = specs
        assert itself.partition("=")[2] == tuned.partition("=")[2]
        assert scripted == "scripted"
        found = re.fullmatch(r"tiny=chat:tiny@\w{8}@(http://127.0.0.1:\d+/v1)\?context=512", base)
        assert found
        assert re.fullmatch(rf"tuned=chat:tuned@\w{{8}}@{found[1]}\?context=512", tuned)
        assert [line for line in said if "starting" in line] == [f"{place / 'tiny'}: starting a server"]
        answers = set()
        for spec in (base, tuned):
            agent: Any = parse_spec(spec).make(0).inner
            agent.model.parameters |= {"max_tokens": 9, "temperature": 0}
            answers.add(agent.model.complete(TALK[:2]).content)
        assert len(answers) == 2
    assert KEYS_VARIABLE not in os.environ
