"""What a person can get wrong, and a full disk: told in a sentence, and nothing that was finished is lost."""

from __future__ import annotations

import json
import resource
import shutil
from pathlib import Path
from typing import Any

import pytest
from rl_dials import Place, settings

from synthgym.base.errors import (
    InfrastructureError,
    OutputFolderError,
    SynthgymError,
    UnknownNameError,
    UserError,
)
from synthgym.train.rl.plan import plan
from synthgym.train.rl.run import train_rl

pytestmark = pytest.mark.timeout(300)


def test_nothing_to_train_on(place: Place, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no challenge to train on"):
        train_rl([], place.model, tmp_path / "out", settings())
    with pytest.raises(UnknownNameError, match="did you mean 'dials/left-v0'"):
        train_rl(["dials/lef-v0"], place.model, tmp_path / "out", settings())
    assert not (tmp_path / "out").exists()


def test_no_model(place: Place, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such folder"):
        train_rl(place.env_ids, tmp_path / "nowhere", tmp_path / "out", settings())
    shutil.copytree(place.model, tmp_path / "mute")
    (tmp_path / "mute/chat_template.jinja").unlink()
    config = json.loads((tmp_path / "mute/tokenizer_config.json").read_text())
    config.pop("chat_template", None)
    (tmp_path / "mute/tokenizer_config.json").write_text(json.dumps(config))
    with pytest.raises(UserError, match="no chat template"):
        train_rl(place.env_ids, tmp_path / "mute", tmp_path / "out2", settings())


def test_an_adapter_of_another_model(place: Place, tmp_path: Path) -> None:
    from peft import LoraConfig, get_peft_model

    from synthgym.train.models.resolve import load_model
    from synthgym.train.small.student import StudentConfig, new_student

    _, tokenizer = load_model(place.model)
    wider = new_student(StudentConfig(width=128, layers=2, heads=2, inner=128, positions=512), tokenizer)
    get_peft_model(wider, LoraConfig(r=4, target_modules="all-linear", task_type="CAUSAL_LM")).save_pretrained(
        tmp_path / "adapter"
    )
    with pytest.raises(UserError, match="adapter of another model"):
        train_rl(place.env_ids, place.model, tmp_path / "out", settings(), adapter=tmp_path / "adapter")
    with pytest.raises(UserError, match=r"adapter_config\.json"):
        train_rl(place.env_ids, place.model, tmp_path / "out2", settings(), adapter=tmp_path)
    with pytest.raises(UserError, match=r"lora\.targets"):
        train_rl(place.env_ids, place.model, tmp_path / "out3", settings(lora={"targets": ["nose"]}))


def test_a_folder_of_somebody_else(place: Place, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(OutputFolderError, match=r"holds no run of synthgym but thesis\.txt"):
        train_rl(place.env_ids, place.model, tmp_path, settings())
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_full_disk(place: Place, tmp_path: Path) -> None:
    """Files may not grow beyond what episodes need: the first checkpoint does not fit, and is not left half there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    small: dict[str, Any] = {"steps": 2, "groups": 1, "num_generations": 2, "max_redraws": 0}
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(OutputFolderError, match="no space left"):
            train_rl(place.env_ids, place.model, tmp_path / "out", settings(**small))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list((tmp_path / "out/checkpoints").glob("checkpoint-*"))
    report = train_rl(place.env_ids, place.model, tmp_path / "out", settings(**small))
    assert report.steps == 2
    assert report.episodes == 4


def test_a_plan(place: Place) -> None:
    found = plan(place.env_ids, str(place.model), settings())
    assert found.trained == found.parameters > 50_000
    assert found.challenges == 3
    adapted = plan(place.env_ids, str(place.model), settings(lora={"rank": 4}))
    assert 1000 < adapted.trained < found.trained
    assert adapted.memory_mb <= found.memory_mb
    assert "steps: 10, with 160 to 240 episodes" in found.as_text()


def test_a_template_that_refuses_what_it_is_shown_is_no_reward(place: Place, tmp_path: Path) -> None:
    """A person's slip in a template, met in the middle of episodes only: every one of them fails, and says so."""
    shutil.copytree(place.model, tmp_path / "model")
    template = tmp_path / "model/chat_template.jinja"
    odd = "{% if messages | length > 2 %}{{ 1 + 'a' }}{% endif %}"
    template.write_text(odd + template.read_text())
    few: dict[str, Any] = {"steps": 1, "groups": 1, "num_generations": 2, "max_redraws": 0, "retries": 0}
    with pytest.raises(InfrastructureError, match=r"no episode of step 1 could be played.*chat template refuses"):
        train_rl(place.env_ids, tmp_path / "model", tmp_path / "out", settings(**few))
    assert not list((tmp_path / "out/steps").glob("*"))
    failures = (tmp_path / "out/episodes/failures.jsonl").read_text().splitlines()
    assert len(failures) == 2
    # The same folder is free for a command that is right: nothing in it counts.
    assert train_rl(place.env_ids, place.model, tmp_path / "out", settings(**few)).episodes == 2


def test_a_context_without_room_for_an_episode(place: Place, tmp_path: Path) -> None:
    short = settings(steps=2, groups=1, num_generations=2, max_redraws=0, chat={"context": 60})
    with pytest.raises(SynthgymError, match="context"):
        train_rl(place.env_ids, place.model, tmp_path / "out", short)
    assert not (tmp_path / "out/student").exists()


def test_a_run_of_a_model_that_was_not_there_does_not_take_the_folder(place: Place, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such folder"):
        train_rl(place.env_ids, tmp_path / "nowhere", tmp_path / "out", settings())
    assert not (tmp_path / "out").exists()


def test_damaged_files_of_a_run_are_named(place: Place, tmp_path: Path) -> None:
    few: dict[str, Any] = {"steps": 1, "groups": 1, "num_generations": 2, "max_redraws": 0}
    out = tmp_path / "out"
    train_rl(place.env_ids, place.model, out, settings(**few))
    (out / "rl.json").write_text("{")
    with pytest.raises(OutputFolderError, match=r"rl\.json: cannot be read"):
        train_rl(place.env_ids, place.model, out, settings(**few))
    (out / "run.json").write_text("[]")
    with pytest.raises(OutputFolderError, match=r"run\.json: not written by synthgym"):
        train_rl(place.env_ids, place.model, out, settings(**few))
