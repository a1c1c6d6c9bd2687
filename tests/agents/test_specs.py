from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import toy_agents

from synthgym.agents.chat.agent import ChatAgent
from synthgym.agents.endpoint.client import check_base_url
from synthgym.agents.forms import FORMS
from synthgym.agents.specs import parse_spec
from synthgym.base.errors import UnknownNameError, UserError
from synthgym.synthesis.language.endpoint import read_author


def test_a_module_and_its_attribute() -> None:
    spec = parse_spec("toy_agents:Seeded")
    assert spec.name == "seeded", "its own name"
    agent = spec.make(4)
    assert agent.name == "seeded"
    assert parse_spec("toy_agents:quitter").name == "toy_agents:quitter"
    assert parse_spec("mine=toy_agents:Seeded").name == "mine"
    assert isinstance(agent.inner, toy_agents.Seeded)
    assert agent.inner is not spec.make(4).inner


def test_a_module_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_own_agents.py").write_text("class Box:\n    def go(observation, info):\n        return 'ls'\n")
    monkeypatch.chdir(tmp_path)
    assert parse_spec("my_own_agents:Box.go").make(0)("", {}) == "ls"


@pytest.mark.parametrize(
    ("text", "model", "url"),
    [
        ("chat:m@http://127.0.0.1:8000/v1", "m", "http://127.0.0.1:8000/v1"),
        ("chat:Qwen/Qwen3-4B:free@https://host/v1?temperature=0", "Qwen/Qwen3-4B:free", "https://host/v1"),
        ("chat:@cf/meta/llama@https://host/v1", "@cf/meta/llama", "https://host/v1"),
        ("chat:gpt", "gpt", None),
        (
            "chat:vertex_ai/claude-3-5-sonnet@20240620@https://h/v1",
            "vertex_ai/claude-3-5-sonnet@20240620",
            "https://h/v1",
        ),
        ("chat:vertex_ai/claude-3-5-sonnet@20240620", "vertex_ai/claude-3-5-sonnet@20240620", None),
        ("chat:@cf/meta/llama-3.1", "@cf/meta/llama-3.1", None),
        ("chat:@cf/meta/llama-3.1?temperature=0", "@cf/meta/llama-3.1", None),
    ],
)
def test_chat_specs(text: str, model: str, url: str | None) -> None:
    agent: Any = parse_spec(text).make(7).inner
    assert isinstance(agent, ChatAgent)
    assert (agent.model.name, agent.model.base_url, agent.seed) == (model, url, 7)


def test_settings_of_a_chat_spec() -> None:
    spec = parse_spec("student=chat:m@http://h/v1?temperature=0&context=2048&max_tokens=96&prompt=researcher&keep=2")
    assert spec.name == "student"
    agent: Any = spec.make(0).inner
    settings = agent.settings
    assert (settings.temperature, settings.context, settings.keep) == (0.0, 2048, 2)
    assert agent.model.parameters == {"temperature": 0.0, "max_tokens": 96}
    assert "researcher" in agent.system


def test_a_name_for_any_spec() -> None:
    assert parse_spec("a-1=toy_agents:quitter").name == "a-1"
    assert parse_spec("chat:m@http://h/v1?temperature=0").name == "chat:m@http://h/v1?temperature=0"


def test_objects_are_specs_too() -> None:
    assert parse_spec(toy_agents.quitter).name == "quitter"
    assert parse_spec(toy_agents.Seeded).name == "seeded"
    assert parse_spec(toy_agents.Seeded).make(1).name == "seeded"
    with pytest.raises(UserError):
        parse_spec(3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("scriptd", "unknown agent 'scriptd'; did you mean 'scripted'?"),
        ("nonsense", f"unknown agent 'nonsense'; known: {', '.join(sorted(FORMS))}"),
        ("toy_agents:seeded", "did you mean 'Seeded'"),
        ("no_such_module:x", "no module 'no_such_module'"),
        ("toy_agents.py:Seeded", "no module 'toy_agents.py'"),
        ("path/agents.py:Seeded", "expected module:attr"),
        ("toy_agents:", "expected module:attr"),
        ("toy_agents:random", "expected something callable"),
        ("chat:", "expected chat:MODEL@BASE_URL"),
        ("chat:m@localhost:8000", "expected chat:MODEL@BASE_URL"),
        ("chat:m@api.example.com/v1", "expected chat:MODEL@BASE_URL"),
        ("chat:m@127.0.0.1", "expected chat:MODEL@BASE_URL"),
        ("chat:m@http://h/v1?timeout=1e300", "setting 'timeout': input should be less than or equal to 86400"),
        ("chat:m@http://h/v1?temprature=0", "unknown setting 'temprature'; did you mean 'temperature'"),
        ("chat:m@http://h/v1?temperature=warm", "setting 'temperature'.*got 'warm'"),
        ("chat:m@http://h/v1?prompt=shrt", "did you mean 'short'"),
        ("chat:m@http://h/v1?temperature=inf", "setting 'temperature'"),
        ("chat:m@http://h/v1?timeout=inf", "setting 'timeout'"),
        ("chat:m@http://h/v1?price_prompt=nan", "setting 'price_prompt'"),
        ("chat:m@http://[::1/v1", "expected http"),
    ],
)
def test_wrong_specs_are_explained(text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        parse_spec(text)


def test_names_of_models_are_the_same_for_authors() -> None:
    for model in ("@cf/meta/llama-3", "vertex_ai/claude@20240620", "gpt"):
        assert read_author(f"openai:{model}@http://h/v1?temperature=1").model == model
        assert read_author(f"openai:{model}").model == model
    for wrong in ("openai:m@localhost:8000", "openai:", "openai:@http://h/v1"):
        with pytest.raises(UserError, match="expected openai:MODEL"):
            read_author(wrong)
    with pytest.raises(UserError, match="setting 'timeout'"):
        read_author("openai:m?timeout=1e300")


def test_what_stands_behind_a_url_is_told_and_not_shown() -> None:
    with pytest.raises(UserError, match=r"expected nothing behind a '\?'.*Azure needs no api-version") as caught:
        check_base_url("https://r.openai.azure.com/openai?key=hunter22")
    assert "hunter22" not in str(caught.value)


def test_a_key_in_a_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(UserError, match="put keys in OPENAI_API_KEY") as caught:
        parse_spec("chat:m@http://user:hunter22@host/v1")
    assert "hunter22" not in str(caught.value)


def test_a_module_that_breaks_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_agents.py").write_text("1 / 0\n")
    (tmp_path / "needy_agents.py").write_text("import no_such_thing\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="importing broken_agents raised ZeroDivisionError"):
        parse_spec("broken_agents:x")
    with pytest.raises(UserError, match="needs a module that is missing: no_such_thing"):
        parse_spec("needy_agents:x")


def test_unknown_names_are_of_their_kind() -> None:
    with pytest.raises(UnknownNameError):
        parse_spec("scriptd")
