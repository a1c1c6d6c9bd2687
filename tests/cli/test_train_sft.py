"""`synthgym train sft`, as a user types it: a student, a plan, and what is said of settings that are wrong."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from cli_tools import Run
from env_fixtures import needs
from hub_server import HubServer
from hub_server import hub as hub  # a fixture
from shipped import TEACHER

from synthgym.agents.trajectories.export import samples
from synthgym.agents.trajectories.store import read_episodes
from synthgym.train.models.resolve import load_model
from synthgym.train.models.saving import save_model
from synthgym.train.small.student import StudentConfig, new_student
from synthgym.train.small.tokenizer import train_tokenizer

WORDS = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny model that has read the teacher's words, and a recipe."""
    folder = tmp_path_factory.mktemp("train")
    talks = [sample["messages"] for record in read_episodes(TEACHER) for sample in samples(record)]
    tokenizer = train_tokenizer(random.Random(0).sample(talks, 40), words=500, phrases=100)
    save_model(new_student(StudentConfig(width=64, layers=2, inner=64), tokenizer), tokenizer, folder / "base")
    (folder / "recipe.yaml").write_text(
        "learning_rate: 5.0e-3\nmax_steps: 6\nmax_length: 1024\ntoo_long: window\nlora: {rank: 4, alpha: 8}\n"
        "weights: {by_improvement: true, balance: true}\nmask_failed_turns: true\nheld_out: 0.1\n"
    )
    return folder


@pytest.fixture
def sft(synthgym: Run, place: Path) -> Run:
    """The command with the teacher's trajectories, the tiny model and its recipe."""
    given = ["train", "sft", TEACHER, "--model", place / "base", "--recipe", place / "recipe.yaml"]
    return lambda *arguments, **options: synthgym(*given, *arguments, **options)


@pytest.mark.slow
def test_a_student_of_the_shipped_trajectories(sft: Run, place: Path, tmp_path: Path) -> None:
    done = sft("--out", tmp_path / "student", "--json")
    report = json.loads(done.stdout)
    assert report["steps"] == 6
    assert report["held_out_loss"] > 0
    assert report["sources"][str(TEACHER)]["kept"] > 250
    assert report["revision"]
    model, _ = load_model(tmp_path / "student")
    assert model.num_parameters() == load_model(place / "base")[0].num_parameters()
    lines = [json.loads(line) for line in (tmp_path / "student" / "metrics.jsonl").read_text().splitlines()]
    assert {"loss", "held_out_loss"} <= {name for line in lines for name in line}
    again = sft("--out", tmp_path / "student")
    assert "6 steps over" in again.stdout
    other = sft("--out", tmp_path / "student", "--set", "seed=1", code=2)
    assert "holds another run (" in other.stderr


def test_a_plan_says_how_much_it_will_be_and_keeps_nothing(sft: Run, tmp_path: Path) -> None:
    done = sft("--out", tmp_path / "student", "--set", "max_steps=null", "--set", "epochs=2", "--dry-run", "--json")
    plan = json.loads(done.stdout)
    assert plan["conversations"] > 250
    assert plan["steps"] == pytest.approx(plan["samples"] * 2 / 4, abs=1)
    assert plan["trained_tokens"] == pytest.approx(2 * plan["tokens"], rel=0.01)
    assert plan["tokens_per_second"] > 0
    assert plan["memory_mb"] > 100
    assert not (tmp_path / "student").exists()


@pytest.mark.slow
def test_the_student_is_played_while_it_is_trained(sft: Run, tmp_path: Path) -> None:
    needs("bubblewrap")
    played = "benchmark={every: 3, challenges: 1, max_tokens: 20, jobs: 1, sandbox: bubblewrap, engine: transformers}"
    sft("--out", tmp_path / "student", "--set", played)
    lines = [json.loads(line) for line in (tmp_path / "student" / "metrics.jsonl").read_text().splitlines()]
    found = {line["step"]: line for line in lines if "benchmark/mean_improvement" in line}
    assert list(found) == [3, 6]
    assert all(0 <= line["benchmark/submitted"] <= 1 for line in found.values())
    left = sorted(path.name for path in (tmp_path / "student" / "quick").iterdir())
    assert left == ["step-3", "step-6"]  # episodes stay, weights and what was served do not
    for name in left:
        assert len(list(read_episodes(tmp_path / "student" / "quick" / name))) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("lora.rnak=8", "unknown setting 'lora.rnak'"),
        ("learning_rate=fast", "learning_rate"),
        ("batch=6", "expected a multiple of micro_batch (4), got 6"),
        ("lora.targets=[w_q]", "its linear layers are called"),
        ("max_length=8", "longer than max_length 8"),
        ("filter.min_improvement=5", "no conversation to train on"),
        ("benchmark={every: 2, envs: [nobody/*]}", "nobody/*"),
        ("learning_rate", "as in learning_rate="),
    ],
)
def test_settings_that_are_wrong_are_told(sft: Run, tmp_path: Path, change: str, told: str) -> None:
    done = sft("--out", tmp_path / "student", "--set", change, "--set", "too_long=drop", code=2)
    assert told in done.stderr
    assert not (tmp_path / "student" / "sft.json").exists()


def test_the_student_from_scratch_is_made_of_what_it_learns_from(tmp_path: Path) -> None:
    from synthgym.train.sft import start
    from synthgym.train.sft.settings import SFTSettings

    steps = {"copying_steps": 3, "reading_steps": 3}
    found = start.start_from(
        "small", [TEACHER], tmp_path / "student", SFTSettings(copies=1), say=lambda text: None, **steps
    )
    assert found.folder == tmp_path / "student-base"
    assert load_model(found.folder)[0].num_parameters() < 1_000_000
    again = start.start_from(
        "small", [TEACHER], tmp_path / "student", SFTSettings(copies=1), say=lambda text: None, **steps
    )
    assert again == found


def test_a_student_is_pushed_and_a_finished_run_only_pushed(
    hub: HubServer, sft: Run, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ["--out", tmp_path / "pushed", "--set", "max_steps=2", "--set", "held_out=0"]
    push = [*given, "--push-to-hub", "mine/student"]
    refused = sft(*push, code=2, HF_TOKEN="hf_wrong" + "x" * 20)
    assert "your key: refused (401)" in refused.stderr
    assert "--push-to-hub" in sft(*given, "--private", code=2).stderr
    assert not (tmp_path / "pushed").exists()  # it is said before the training
    key = {"HF_TOKEN": hub.key}
    first = json.loads(sft(*push, "--json", **key).stdout)
    assert first["steps"] == 2
    assert first["pushed"]["new"] is True
    files = hub.files("mine/student")
    weights = (tmp_path / "pushed" / "model.safetensors").read_bytes()
    assert files["model.safetensors"] == weights
    everything = b"\n".join(files.values())
    for secret in (str(tmp_path), str(place), str(TEACHER.parent), hub.key):
        assert secret.encode() not in everything
    text = files["README.md"].decode()
    recipe = "--recipe recipe.yaml --set max_steps=2 --set held_out=0"
    assert f"synthgym train sft teacher.jsonl.zst --model base --out pushed {recipe}\n" in text
    again = sft(*push, **key)
    assert "is there as it is; nothing to push" in again.stderr
    assert "2 steps over" in again.stdout
    assert (tmp_path / "pushed" / "model.safetensors").read_bytes() == weights
