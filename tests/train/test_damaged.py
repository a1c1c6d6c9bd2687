"""Models, data and folders that are damaged or do not fit: told in a sentence that names the file, and nothing lost."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from shipped import TEACHER

from synthgym.base.errors import OutputFolderError, UserError
from synthgym.base.files.run_folder import held
from synthgym.train.checkpoints import is_whole, last_checkpoint
from synthgym.train.models.lora import LoRASettings
from synthgym.train.models.resolve import load
from synthgym.train.models.saving import save_model
from synthgym.train.models.template import prepare
from synthgym.train.rl.settings import IterateSettings, RLSettings
from synthgym.train.sft.dataset import write_samples
from synthgym.train.sft.run import REPORT_FILE, SFTSettings, _tokenised, sft
from synthgym.train.sft.sources import Example, Reading
from synthgym.train.small.student import StudentConfig, new_student
from synthgym.train.small.tokenizer import train_tokenizer

pytestmark = pytest.mark.timeout(300)

Talk = list[dict[str, str]]


def talk(number: int) -> Talk:
    word = random.Random(number).choice(["amber", "birch", "cedar", "delta", "ember"])
    return [
        {"role": "user", "content": f"Say {word}, number {number}."},
        {"role": "assistant", "content": f"```bash\necho {word}\n```"},
    ]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny model."""
    folder = tmp_path_factory.mktemp("damaged") / "base"
    tokenizer = train_tokenizer([talk(number) for number in range(50)], words=330, phrases=20)
    save_model(new_student(StudentConfig(width=32, layers=2, inner=64), tokenizer), tokenizer, folder)
    return folder


def write(path: Path, talks: list[Any]) -> Path:
    path.write_text("".join(json.dumps({"messages": each}) + "\n" for each in talks), encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write(tmp_path / "talks.jsonl", [talk(number) for number in range(40)])


# -- models ----------------------------------------------------------------------------------------------------------


def cut_off(folder: Path) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:1000])


def garbage(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"\xff" * 5000)


def without_a_layer(folder: Path) -> None:
    from synthgym.train.models.resolve import load_model

    model, _ = load_model(folder)
    kept = {name: each for name, each in model.state_dict().items() if "up_proj" not in name}
    model.save_pretrained(folder, state_dict=kept)


def other_shapes(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"intermediate_size": 96}))


def a_list(folder: Path) -> None:
    (folder / "config.json").write_text("[]")


def no_tokenizer(folder: Path) -> None:
    for file in folder.glob("tokenizer*"):
        file.unlink()


def few_rows(folder: Path) -> None:
    from synthgym.train.models.resolve import load_model

    model, _ = load_model(folder)
    model.resize_token_embeddings(100)
    model.save_pretrained(folder)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut_off, "model.safetensors: not a whole safetensors file"),
        (garbage, "model.safetensors: not a whole safetensors file"),
        (without_a_layer, r"lacks model\.layers\.0\.mlp\.up_proj\.weight, model\.layers\.1"),
        (other_shapes, "other shapes than its config.json says"),
        (a_list, r"config\.json: expected a JSON object, got a list"),
        (no_tokenizer, "it has no tokenizer.json"),
        (few_rows, "expected a tokenizer for this model; it has"),
    ],
)
def test_a_damaged_model(base: Path, tmp_path: Path, damage: Callable[[Path], None], said: str) -> None:
    shutil.copytree(base, tmp_path / "model")
    damage(tmp_path / "model")
    with pytest.raises(UserError, match=said) as caught:
        load(tmp_path / "model")
    assert len(str(caught.value).splitlines()) == 1


def test_a_template_is_a_program_that_may_raise_anything(base: Path, tmp_path: Path) -> None:
    for template in ("{{ 1 + 'a' }}", "{{ raise_exception('no') }}", "{{ messages[7].content.x.y }}"):
        model, tokenizer = load(base)
        tokenizer.chat_template = template
        with pytest.raises(UserError, match="cannot be made fit"):
            prepare(tokenizer, model)


# -- data ------------------------------------------------------------------------------------------------------------


def test_conversations_that_no_model_can_be_shown(base: Path, tmp_path: Path) -> None:
    surrogate = [{"role": "user", "content": "\ud800"}, talk(0)[1]]
    with pytest.raises(UserError, match="a conversation cannot be shown to the model"):
        sft(base, write(tmp_path / "odd.jsonl", [talk(0), surrogate]), tmp_path / "out", SFTSettings(max_steps=1))
    assert not (tmp_path / "out").exists()
    _, tokenizer = load(base)
    tokenizer.chat_template = re.sub(r"\{%-?\s*(end)?generation\s*-?%\}", "", tokenizer.chat_template)
    answer_first = Example([talk(0)[1], *talk(1)])
    with pytest.raises(UserError, match="a conversation cannot be shown to the model"):
        write_samples([answer_first], tokenizer, tmp_path / "samples", max_length=1000)


def test_why_there_is_nothing_to_train_on(base: Path, tmp_path: Path) -> None:
    for number, talks, said in (
        (1, [[talk(0)[0]]], "1 hold no reply that is learned"),
        (2, [[{"role": "user", "content": "x" * 9000}, talk(0)[1]]], "1 are longer than max_length 100"),
    ):
        data = write(tmp_path / f"{number}.jsonl", talks)
        with pytest.raises(UserError, match=f"no conversation to train on: {said}"):
            sft(base, data, tmp_path / "out", SFTSettings(max_steps=1, max_length=100))
    strict = SFTSettings.model_validate({"max_steps": 1, "filter": {"min_improvement": 99}})
    with pytest.raises(UserError, match="no conversation to train on: the filter leaves out 298 for"):
        sft(base, TEACHER, tmp_path / "out", strict)


def test_copies_are_held_out_and_weighed_with_what_they_are_copies_of(base: Path, data: Path, tmp_path: Path) -> None:
    class Episodes(Reading):
        """The talks as if they were of episodes, four of each challenge."""

        def __iter__(self) -> Any:
            for number, example in enumerate(super().__iter__()):
                yield Example(example.messages, f"toys/x{number // 4}-v0", improvement=number / 40)

    _, tokenizer = load(base)
    for reading in (Episodes, Reading):
        settings = SFTSettings(copies=2, held_out=0.2)
        source = reading([data], settings.filter)
        folder = tmp_path / reading.__name__
        samples = _tokenised(source, tokenizer, folder, settings, 10_000, progress=_Quiet())
        out = samples.held_out(settings.held_out, seed=0)
        trained = set(range(len(samples))) - set(out)
        assert 0 < len(out) < len(samples) == 120
        assert len(out) % 3 == 0
        assert {at % 40 for at in out}.isdisjoint({at % 40 for at in trained})
    samples = write_samples(Episodes([data], settings.filter), tokenizer, tmp_path / "plain", max_length=10_000)
    copied = _tokenised(Episodes([data], settings.filter), tokenizer, tmp_path / "both", settings, 10_000, _Quiet())
    for options in ({"by_improvement": True, "balance": False}, {"by_improvement": False, "balance": True}):
        plain, both = samples.weights(**options), copied.weights(**options)
        assert plain is not None
        assert both is not None
        assert sorted(both[:40]) == pytest.approx(sorted(plain))
        assert both[:40].tolist() == both[40:80].tolist() == both[80:].tolist()


class _Quiet:
    def advance(self, steps: int = 1, note: str = "") -> None:
        """Nobody looks."""


def test_one_challenge_alone_is_trained_on(base: Path, tmp_path: Path) -> None:
    _, tokenizer = load(base)
    examples = [Example(talk(number), "toys/only-v0") for number in range(5)]
    samples = write_samples(examples, tokenizer, tmp_path / "samples", max_length=1000)
    assert samples.held_out(0.5, seed=0) == []


# -- settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        *({"epochs": float("inf")}, {"epochs": 1e308}, {"max_steps": 10**26}, {"max_tokens": 10**17}, {"seed": 10**14}),
        *({"threads": 100_000}, {"weight_decay": float("inf")}, {"learning_rate": float("inf")}),
        *({"lora": {"alpha": 0.3}}, {"lora": {"alpha": float("inf")}}, {"lora": {"targets": "("}}),
    ],
)
def test_settings_that_nothing_could_be_made_of(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SFTSettings.model_validate(given)
    if {"epochs", "max_tokens", "max_steps"}.isdisjoint(given):
        with pytest.raises(ValidationError):
            RLSettings.model_validate(given)


def test_how_rounds_are_played_is_checked_with_the_rest() -> None:
    for given in ({"max_completion_length": 4096}, {"chat": {"context": 50}}, {"sft": {"max_length": 64}}):
        with pytest.raises(ValidationError, match="expected"):
            IterateSettings.model_validate(given)
    with pytest.raises(ValidationError):
        RLSettings.model_validate({"report_to": ["foo"]})


def test_what_an_adapter_adds_is_scaled_as_it_was_said(base: Path) -> None:
    from peft.tuners.lora import LoraLayer

    from synthgym.train.models.lora import with_adapter

    model = with_adapter(load(base)[0], LoRASettings(rank=8, alpha=4), seed=0)
    scales = {part.scaling["default"] for part in model.modules() if isinstance(part, LoraLayer)}
    assert scales == {0.5}


# -- folders ---------------------------------------------------------------------------------------------------------


def test_two_trainings_never_share_a_folder(base: Path, data: Path, tmp_path: Path) -> None:
    with held(tmp_path / "out"), pytest.raises(OutputFolderError, match="another synthgym process is writing here"):
        sft(base, data, tmp_path / "out", SFTSettings(max_steps=1))
    assert not (tmp_path / "out").exists()


def test_a_folder_in_which_nothing_was_done_is_anybodys(base: Path, data: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"lora\.targets"):
        sft(base, data, tmp_path / "out", SFTSettings(max_steps=1, lora=LoRASettings(targets=["nose"])))
    report = sft(base, data, tmp_path / "out", SFTSettings(max_steps=1))
    assert report.steps == 1
    with pytest.raises(OutputFolderError, match="max_steps: 1 there, 2 asked for"):
        sft(base, data, tmp_path / "out", SFTSettings(max_steps=2))


def test_what_is_finished_is_there(base: Path, data: Path, tmp_path: Path) -> None:
    first = sft(base, data, tmp_path / "out", SFTSettings(max_steps=1))
    before = (tmp_path / "out/model.safetensors").read_bytes()
    (tmp_path / "out/model.safetensors").unlink()
    again = sft(base, data, tmp_path / "out", SFTSettings(max_steps=1))
    assert (tmp_path / "out/model.safetensors").read_bytes() == before
    assert again.history == first.history
    with pytest.raises(OutputFolderError, match="revision: '' there, 'another' asked for"):
        sft(base, data, tmp_path / "out", SFTSettings(max_steps=1), revision="another")
    (tmp_path / "out" / REPORT_FILE).write_text("{")
    with pytest.raises(OutputFolderError, match=f"{REPORT_FILE}: cannot be read"):
        sft(base, data, tmp_path / "out", SFTSettings(max_steps=1))
    (tmp_path / "out/sft-run.json").write_text("[]")
    with pytest.raises(OutputFolderError, match=r"sft-run\.json: not written by synthgym"):
        sft(base, data, tmp_path / "out", SFTSettings(max_steps=1))


# -- checkpoints -----------------------------------------------------------------------------------------------------


class _Killed(Exception):
    """What ends a training in the middle."""


class _Kill:
    """A progress that ends the training after some steps."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def advance(self, steps: int = 1, note: str = "") -> None:
        """Counts."""
        self.left -= steps
        if self.left <= 0:
            raise _Killed


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "optimizer.pt").unlink(),
        lambda folder: (folder / "rng_state.pth").unlink(),
        lambda folder: (folder / "trainer_state.json").write_text("{}"),
        lambda folder: (folder / "optimizer.pt").write_bytes((folder / "optimizer.pt").read_bytes()[:500]),
        cut_off,
    ],
    ids=["no optimizer", "no luck", "empty state", "half an optimizer", "half the weights"],
)
def test_a_damaged_checkpoint_is_passed_over(
    base: Path, data: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    settings = SFTSettings(max_steps=35, checkpoint_steps=10)
    whole = sft(base, data, tmp_path / "whole", settings)
    with pytest.raises(_Killed):
        sft(base, data, tmp_path / "out", settings, _Kill(26))
    checkpoints = tmp_path / "out/checkpoints"
    last = last_checkpoint(checkpoints)
    assert last == checkpoints / "checkpoint-20"
    assert is_whole(last)
    damage(last)
    assert last_checkpoint(checkpoints) == checkpoints / "checkpoint-10"
    report = sft(base, data, tmp_path / "out", settings)
    assert report.history == whole.history
    assert (tmp_path / "out/model.safetensors").read_bytes() == (tmp_path / "whole/model.safetensors").read_bytes()
    logged = [json.loads(line)["step"] for line in (tmp_path / "out/metrics.jsonl").read_text().splitlines()]
    assert logged == sorted(logged)
    assert logged == [json.loads(line)["step"] for line in (tmp_path / "whole/metrics.jsonl").read_text().splitlines()]
