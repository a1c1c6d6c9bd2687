"""A recipe says what is wrong with it where it is written; whose a folder is does not depend on who asked how."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from synthgym.agents.endpoint.endpoint import Endpoint
from synthgym.base.errors import OutputFolderError, UnknownNameError, UserError
from synthgym.synthesis.language.endpoint import AuthorSettings
from synthgym.synthesis.language.prompts import prompts_hash
from synthgym.synthesis.language.settings import Settings
from synthgym.synthesis.output_folder import claim
from synthgym.synthesis.recipe import Recipe, Running

MODEL: dict[str, Any] = {"seed": 4, "namespace": "x", "author": "openai:writer"}


def test_a_setting_that_there_is_not_is_named_and_so_are_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown setting 'tris' \(settings: datasets, topics, .*tries, rounds"):
        Settings(tris=3)  # type: ignore[call-arg]


def test_a_setting_of_a_wrong_value_is_named() -> None:
    with pytest.raises(UserError, match=r"setting 'p_debug': .* less than or equal to 1; got 2"):
        Settings(p_debug=2)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"split": "test"}, "unknown split 'test'"),
        ({"families": ("tabula",)}, "unknown family 'tabula'; did you mean 'tabular'"),
        ({"settings": Settings()}, "settings: only for an author that is a model"),
        ({**MODEL, "families": ("games",)}, "families: only the procedural author has families"),
        ({**MODEL, "settings": {"tries": 3}}, r"settings: expected .*Settings, as in Settings\(rounds=2\); got dict"),
    ],
)
def test_a_recipe_that_no_author_could_work_by(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError, match=told):
        Recipe(**{"seed": 1, "namespace": "x", **wrong})


def test_defaults_that_are_spelled_out_are_the_same_recipe(tmp_path: Path) -> None:
    short, long = Recipe(**MODEL), Recipe(**MODEL, settings=Settings(tries=3, datasets=("hub", "generated")))
    claim(tmp_path, short, Running(), None)
    (tmp_path / "ledger.jsonl").write_text('{"index": 0, "id": "a", "outcome": "rejected"}\n')
    claim(tmp_path, long, Running(endpoint=Endpoint("writer", "http://127.0.0.1:9/v1", AuthorSettings())), None)
    with pytest.raises(OutputFolderError, match="tries: 3 there, 4 asked for"):
        claim(tmp_path, Recipe(**MODEL, settings=Settings(tries=4)), Running(), None)
    with pytest.raises(OutputFolderError, match=r"temperature: None there, 0\.5 asked for"):
        claim(tmp_path, short, Running(endpoint=Endpoint("writer", None, AuthorSettings(temperature=0.5))), None)
    with pytest.raises(OutputFolderError, match="author: 'openai:writer' there, 'openai:other' asked for"):
        claim(tmp_path, Recipe(**{**MODEL, "author": "openai:other"}), Running(), None)


@pytest.mark.parametrize(
    "stated",
    [
        {"author": "openai:writer", "settings": {"rounds": 2}},  # by a Python program
        {"author": "openai:writer@http://127.0.0.1:9/v1?temperature=1", "settings": {"rounds": 2}},
        {
            "author": "openai:writer",
            "settings": {"tries": 3, "rounds": 2, "p_debug": 0.5, "restarts": 1, "most_mb": 100.0, "attempts": 1}
            | {"agent": "scripted", "prompts": prompts_hash(), "temperature": 1.0},
        },  # by the command
    ],
)
def test_a_folder_of_before_is_taken_up(stated: dict[str, Any], tmp_path: Path) -> None:
    marker = {"seed": 4, "namespace": "x", "split": None, "families": [], **stated}
    (tmp_path / "synthesis.json").write_text(json.dumps(marker))
    (tmp_path / "ledger.jsonl").write_text('{"index": 0, "id": "a", "outcome": "rejected"}\n')
    running = Running(endpoint=Endpoint("writer", None, AuthorSettings(temperature=1.0)))
    claim(tmp_path, Recipe(**MODEL, settings=Settings(rounds=2)), running, None)
    with pytest.raises(OutputFolderError, match="rounds: 2 there, 4 asked for"):
        claim(tmp_path, Recipe(**MODEL), running, None)
