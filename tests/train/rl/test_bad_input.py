"""What a person can get wrong, and a full disk: told in a sentence, and nothing that was finished is lost."""

from __future__ import annotations

import json
import resource
import shutil
from pathlib import Path
from typing import Any

import pytest
from rl_dials import Place, settings

from synthgym.base.errors import OutputFolderError, UnknownNameError, UserError
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

    from synthgym.train.student import StudentConfig, load_student, new_student

    _, tokenizer = load_student(place.model)
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
    with pytest.raises(OutputFolderError, match="new or empty"):
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
    assert "steps: 10, with 160 to 240 episodes" in found.told()
