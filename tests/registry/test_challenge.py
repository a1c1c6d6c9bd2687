from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from challenges import write_table

from synthgym.base.errors import SpecError
from synthgym.registry.challenge import Challenge, content_hash, load_challenge, parse_challenge


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_table(tmp_path, "line")


def changed(folder: Path, **fields: Any) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((folder / "challenge.yaml").read_text())
    return {**data, **fields}


def test_a_spec_survives_the_round_trip(folder: Path) -> None:
    challenge = load_challenge(folder)
    before = (folder / "challenge.yaml").read_bytes()
    challenge.save(folder)
    assert (folder / "challenge.yaml").read_bytes() == before
    assert load_challenge(folder) == challenge
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_verified_means_that_a_reward_can_be_paid(folder: Path) -> None:
    challenge = load_challenge(folder)
    assert challenge.verified
    assert not challenge.model_copy(update={"noise": None}).verified


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"id": "-wine"}, "field 'id': "),
        ({"id": "../x"}, "field 'id': "),
        ({"version": -1}, "field 'version': input should be greater than or equal to 0; got -1"),
        ({"split": "test"}, "field 'split': input should be 'train' or 'heldout'; got 'test'"),
        ({"noise": "much"}, "field 'noise': "),
        ({"metric": {"direction": "lower"}}, "field 'metric.name': required, but missing"),
        ({"dataset": {"source": "huggingface", "files": ["a"]}}, "field 'dataset': a Hugging Face dataset needs"),
        ({"dataset": {"source": "sklearn"}}, "field 'dataset': a dataset of source 'sklearn' needs its list"),
        ({"submission": {"path": "/etc/x", "kind": "module"}}, "field 'submission.path': a path inside the workspace"),
        ({"submission": {"path": "../x", "kind": "module"}}, "field 'submission.path': a path inside the workspace"),
        ({"submission": {"path": "x", "kind": "file"}}, "field 'submission': kind 'file' needs its columns"),
        ({"budget": {"steps": 0}}, "field 'budget.steps': "),
        ({"budget": {"steps": True}}, "field 'budget.steps': input should be a valid integer; got True"),
        ({"budget": {"steps": "12"}}, "field 'budget.steps': input should be a valid integer; got '12'"),
        ({"budget": {"cpus": "2"}}, "field 'budget.cpus': input should be a valid number; got '2'"),
        ({"noise": False}, "field 'noise': input should be a valid number; got False"),
        ({"budget": {"memory_mb": 1}}, "field 'budget.memory_mb': input should be greater than or equal to 32; got 1"),
        ({"budget": {"pids": 1}}, "field 'budget.pids': input should be greater than or equal to 8; got 1"),
        ({"budget": {"cpus": 0.001}}, "field 'budget.cpus': input should be greater than or equal to 0.01; got 0.001"),
        ({"budget": {"stpes": 3}}, "field 'budget.stpes': no such field in format 1"),
        ({"spec_version": 2}, "field 'spec_version': this synthgym reads up to 1, got 2; upgrade with"),
    ],
)
def test_errors_name_file_and_field(folder: Path, fields: dict[str, Any], expected: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse_challenge(changed(folder, **fields), "here/challenge.yaml")
    assert str(caught.value).startswith(f"here/challenge.yaml: {expected}")


@pytest.mark.parametrize(
    ("body", "expected"),
    [(b"a: [", "not valid YAML"), (b"\xff", "not valid YAML"), (b"3", "expected a mapping of fields, got int")],
)
def test_files_that_are_no_spec(folder: Path, body: bytes, expected: str) -> None:
    (folder / "challenge.yaml").write_bytes(body)
    with pytest.raises(SpecError, match=f"challenge.yaml: {expected}"):
        load_challenge(folder)
    (folder / "challenge.yaml").unlink()
    with pytest.raises(SpecError, match=r"challenge.yaml: no such file"):
        load_challenge(folder)


def test_the_id_is_the_folders_name(folder: Path) -> None:
    folder = folder.rename(folder.parent / "other")
    with pytest.raises(SpecError, match="expected the folder's name 'other', got 'line'"):
        load_challenge(folder)


def test_yaml_cannot_construct_objects(folder: Path) -> None:
    (folder / "challenge.yaml").write_text("!!python/object/apply:os.system ['touch /tmp/never']")
    with pytest.raises(SpecError, match="not valid YAML"):
        load_challenge(folder)


def test_the_hash_is_of_what_decides_a_score(folder: Path) -> None:
    challenge = load_challenge(folder)
    before = content_hash(challenge, folder)

    def hashed(**update: Any) -> str:
        return content_hash(Challenge.model_validate({**challenge.model_dump(), **update}), folder)

    assert hashed() == before
    assert hashed(title="Other", noise=3.0, split="heldout", topic="t") == before
    assert hashed(description="Other.") != before
    assert hashed(metric={"name": "mae", "direction": "lower"}) != before
    assert hashed(budget={"steps": 3}) != before
    (folder / "workspace" / "__pycache__").mkdir()
    (folder / "workspace" / "__pycache__" / "train.pyc").write_bytes(b"x")
    (folder / "notes.txt").write_text("not part of it")
    assert hashed() == before
    for path in ("workspace/train.py", "grader/prepare.py", "grader/reference/train.py"):
        text = (folder / path).read_text()
        (folder / path).write_text(text + "\n")
        assert hashed() != before
        (folder / path).write_text(text)
    (folder / "grader" / "prepare.py").rename(folder / "grader" / "prepare2.py")
    assert hashed() != before


def test_the_hash_is_the_same_whatever_others_do_to_yaml(folder: Path) -> None:
    """MLGym's package, once imported, has PyYAML write texts of several lines in another style."""
    spec = load_challenge(folder)
    spec.description = "A line.\nAnd another."
    spec.save(folder)
    code = f"""
import yaml
yaml.representer.SafeRepresenter.add_representer(str, lambda self, text: self.represent_scalar("!x", text, style="|"))
from pathlib import Path
from synthgym.registry.challenge import content_hash, load_challenge
folder = Path({str(folder)!r})
print(content_hash(load_challenge(folder), folder))
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == content_hash(load_challenge(folder), folder)


def test_control_characters_stay_out_of_what_is_shown(tmp_path: Path) -> None:
    folder = write_table(tmp_path)
    told = {"title": "A\x1b]0;x\x07 line\nMetric: none", "description": "Two\r\nlines\x9b2J", "topic": "\u202etopic"}
    spec = yaml.safe_load((folder / "challenge.yaml").read_text()) | told
    spec["dataset"]["licence"] = spec["reference"]["by"] = spec["provenance"]["author"] = "\x1b[1mme"
    (folder / "challenge.yaml").write_text(yaml.safe_dump(spec))
    read = load_challenge(folder)
    assert (read.title, read.description, read.topic) == ("A line Metric: none", "Two\nlines", "topic")
    assert (read.dataset.licence, read.reference.by, read.provenance.author) == ("me", "me", "me")
    assert "\\e" not in read.to_yaml()
    for empty in ("", " ", "\x1b[1m", "\n"):
        (folder / "challenge.yaml").write_text(yaml.safe_dump(spec | {"title": empty}))
        with pytest.raises(SpecError, match=r"field 'title': expected text that can be shown"):
            load_challenge(folder)
