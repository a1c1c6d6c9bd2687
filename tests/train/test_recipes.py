"""Recipes: typed, with changes from the command line; what nobody knows is an error that suggests the nearest."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthgym.base.errors import UnknownNameError, UserError
from synthgym.train.recipes import RECIPES
from synthgym.train.recipes.loading import load_recipe, settings_class
from synthgym.train.rl.settings import RLSettings


def load(name: str | Path, *sets: str) -> RLSettings:
    return load_recipe("rl", name, sets, RLSettings)


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.yaml")), ids=lambda path: path.stem)
def test_ours_are_sound(path: Path) -> None:
    kind, _, name = path.stem.partition("-")
    found = [load_recipe(kind, each, [], settings_class(kind)) for each in (name, path.stem, path)]
    assert found[0] == found[1] == found[2]


def test_changes() -> None:
    found = load(
        "smollm2-135m", "steps=3", "lora.rank=8", "learning_rate=7e-5", "chat.prompt=researcher", "report_to=[]"
    )
    assert (found.steps, found.learning_rate, found.chat.prompt, found.report_to) == (3, 7e-5, "researcher", [])
    assert found.lora
    assert (found.lora.rank, found.lora.alpha) == (8, 64)  # the recipe's
    assert load("smollm2-135m", "lora=null").lora is None
    assert load("small-cpu", "lora.rank=4").lora


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("learning_rat=1", "unknown setting 'learning_rat'; did you mean 'learning_rate'"),
        ("lora.rnk=1", "unknown setting 'lora.rnk'; did you mean 'lora.rank'"),
        ("steps=true", "setting 'steps': expected a number, got true (--set steps=true)"),
        ("learning_rate=no", "setting 'learning_rate': expected a number, got false"),
        ("chat={prompt: a, prompt: b}", "is no value that YAML could read"),
        ("steps.of=3", "--set steps.of=3: setting 'steps': input should be a valid integer"),
        ("steps=0", "--set steps=0: setting 'steps': input should be greater than 0; got 0"),
        ("steps=many", "setting 'steps'"),
        ("loss_type=ppo", "setting 'loss_type'"),
        ("steps", "expected a setting and a value"),
        ("steps=[1", "is no value that YAML could read"),
        ("max_completion_length=4000", "expected less than max_length"),
        ("micro_tokens=10", "expected room for a sequence"),
    ],
)
def test_bad_changes(change: str, said: str) -> None:
    with pytest.raises(UserError) as raised:
        load("small-cpu", change)
    assert said in str(raised.value)


def test_bad_files(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"recipe 'smal-cpu'; did you mean 'small-cpu'"):
        load("smal-cpu")
    own = tmp_path / "own.yaml"
    for text, said in [
        ("stps: 3", "did you mean 'steps'"),
        ("steps: 3\nsteps: 4", r"own\.yaml: not YAML: line 2: the key 'steps' stands there twice"),
        ("steps: yes", r"expected a number, got true \(.*own\.yaml\)"),
        ("lora: {rank: 0}", r"^own\.yaml: setting 'lora\.rank': input should be greater than 0"),
        ("- 1", "expected settings"),
        ("a: [", "not YAML"),
    ]:
        own.write_text(text)
        with pytest.raises(UserError, match=said):
            load(own)
    own.write_text("")
    assert load(own) == RLSettings()
