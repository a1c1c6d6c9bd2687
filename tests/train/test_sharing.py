"""Students on a Hub: what is pushed and what is not, the card, what is told before a training. See `hub_server`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hub_server import HubServer
from hub_server import hub as hub  # a fixture
from tiny_models import save_adapter, save_tiny

from synthgym.base.errors import HubError, HubRefused, UnknownNameError, UserError
from synthgym.train.evaluation.scores import ScoreRecord
from synthgym.train.models.resolve import load, resolve
from synthgym.train.models.source import content_hash
from synthgym.train.rl.settings import RLSettings
from synthgym.train.sft.settings import SFTSettings
from synthgym.train.sharing.push import check_sharing, share
from synthgym.train.sharing.without_paths import without_paths

GAINS = {"base": [0.0, 0.0, -0.1, 0.1], "student": [0.5, 0.4, 0.0, 0.7]}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny-base"
    save_tiny(folder, width=16)
    return folder


@pytest.fixture(autouse=True)
def key(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HF_TOKEN", hub.key)
    monkeypatch.setattr("synthgym.registry.hub.access._FIRST_WAIT", 0.01)
    return hub.key


def sft_run(out: Path, model: Path, base: Path | None = None, revision: str = "", older: bool = False) -> Path:
    """The folder that a finished SFT has left, of an older release or of this one, and what lies beside the student."""
    shutil.copytree(model, out)
    base = base or model
    report = {
        **{"conversations": 12, "samples": 11, "too_long": 1, "tokens": 5000, "learned": 900, "longest": 800},
        **{"seconds": 3.0, "steps": 7, "epochs": 2.5, "loss": 0.5, "accuracy": 0.75, "held_out_loss": 0.625},
        **{"trained_tokens": 12_345, "windowed": 0, "history": [[7, 0.5]]},
        "sources": {
            str(out.parent / "a" / "teacher"): {"seen": 20, "kept": 12, "dropped": {"not_submitted": 5, "repeated": 3}},
            str(out.parent / "b" / "teacher"): {"seen": 2, "kept": 0, "dropped": {"not_submitted": 2}},
        },
        "base": str(base),
        "revision": revision,
    }
    (out / "sft.json").write_text(json.dumps(report))
    settings = SFTSettings.model_validate({"lora": {"rank": 4}}).model_dump(mode="json")
    identity = {"base": str(base), "samples": "0", "settings": settings}
    (out / "sft-run.json").write_text(json.dumps(identity if older else {"run": identity, "notes": {}}))
    (out / "metrics.jsonl").write_text('{"step": 7, "loss": 0.5}\n')
    (out / "training_args.bin").write_bytes(b"\x80pickle")
    for name in ("checkpoints/checkpoint-7/optimizer.safetensors", "tensorboard/events", ".samples/ids.json"):
        (out / name).parent.mkdir(parents=True)
        (out / name).write_text("of-the-run")
    return out


def rl_run(out: Path, base: Path, revision: str) -> Path:
    """The folder that a finished RL has left."""
    save_adapter(base, out / "student", rank=2)
    report = {
        **{"steps": 3, "trained": 2, "episodes": 72, "groups": 18, "used": 5, "lost": 1, "first": 0.1, "last": 0.25},
        **{"engine": "vllm", "seconds": {}, "student": str(out / "student"), "base": str(base), "revision": revision},
    }
    settings = RLSettings().model_dump(mode="json")
    run = {"command": "train rl", "model": str(base), "environments": ["toys/a-v0", "toys/b-v0"], "settings": settings}
    (out / "rl.json").write_text(json.dumps(report))
    (out / "run.json").write_text(json.dumps({"run": run}))
    (out / "metrics.jsonl").write_text('{"batch/tokens": 700}\n{"batch/tokens": 34}\n')
    return out


def benchmark(folder: Path, names: dict[str, str] | None = None) -> Path:
    records = [
        ScoreRecord(
            **{"env_id": f"ns/c{at}-v0", "challenge_hash": f"{at}", "solver": (names or {}).get(solver, solver)},
            **{"seed": seed, "metric": "accuracy", "direction": "higher", "baseline": 0.5, "reference": 1.0},
            **{"scores": [0.5 + gain / 2], "final": 0.5 + gain / 2, "improvement": gain},
        )
        for solver, gains in GAINS.items()
        for at, gain in enumerate(gains)
        for seed in (0, 1)
    ]
    folder.mkdir()
    (folder / "scores.jsonl").write_text("".join(each.model_dump_json() + "\n" for each in records))
    return folder


def card(hub: HubServer, repo_id: str = "mine/student") -> tuple[dict[str, Any], str]:
    """Front matter and text."""
    _, head, text = hub.files(repo_id)["README.md"].decode().split("---\n", 2)
    return yaml.safe_load(head), text


def test_a_student_is_pushed_whole_and_comes_back(hub: HubServer, key: str, model: Path, tmp_path: Path) -> None:
    out = sft_run(tmp_path / "runs" / "student", model)
    pushed = share(out, "mine/student")
    files = hub.files("mine/student")
    assert set(files) == {
        *(".gitattributes", "README.md", "config.json", "generation_config.json", "model.safetensors"),
        *("tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "sft.json", "metrics.jsonl"),
    }
    assert not any("/datasets/" in request.path for request in hub.requests)
    everything = b"\n".join(files.values())
    for secret in (str(tmp_path), str(model.parent), str(Path.home()) + "/", key, "of-the-run"):
        assert secret.encode() not in everything
    told = json.loads(files["sft.json"])
    assert (told["base"], list(told["sources"])) == ("tiny-base", ["teacher", "teacher (2)"])
    assert key.encode() not in (out / "pushed.jsonl").read_bytes()
    assert pushed.new
    back = resolve(pushed.address, say=lambda text: None)
    load(back.folder)
    assert (back.folder / "model.safetensors").read_bytes() == (out / "model.safetensors").read_bytes()


@pytest.mark.parametrize("name", ["chat_template.jinja", "config.json", "metrics.jsonl"])
def test_what_a_link_leads_to_is_not_shared(hub: HubServer, model: Path, tmp_path: Path, name: str) -> None:
    out = sft_run(tmp_path / "student", model, model)
    (tmp_path / "private").write_text('{"of": "the user"}')
    (out / name).unlink(missing_ok=True)
    (out / name).symlink_to(tmp_path / "private")
    with pytest.raises(UserError, match="a link, to"):
        share(out, "mine/student")
    with pytest.raises(KeyError):
        hub.files("mine/student")


def test_the_card(hub: HubServer, model: Path, tmp_path: Path) -> None:
    commit = hub.add("maker/tiny", {"config.json": b"{}"}, licence="llama3.2")
    base = tmp_path / "hub" / "models--maker--tiny" / "snapshots" / commit
    out = sft_run(tmp_path / "student", model, base, commit, older=True)
    scores = benchmark(tmp_path / "benchmark")
    command = ["synthgym", "train", "sft", str(tmp_path / "teacher"), "--model", str(base), "--set", "seed=1"]
    share(out, "mine/student", scores=str(scores), command=command)
    head, text = card(hub)
    assert head == {
        "library_name": "transformers",
        "pipeline_tag": "text-generation",
        "base_model": "maker/tiny",
        "base_model_relation": "finetune",
        "license": "llama3.2",
        "tags": ["synthgym", "trl", "sft", "lora"],
    }
    for told in (
        f"revision `{commit}`",
        "| teacher | 20 | 12 | not submitted: 5, repeated: 3 |",
        "| tokens trained on | 12,345 |",
        f"synthgym train sft teacher --model maker/tiny@{commit} --set seed=1\n",
        "synthgym serve mine/student\n",
        "--agents student=serve:mine/student",
        "learning_rate: 0.001\n",
        "  rank: 4\n",
        "a LoRA adapter was trained and put into its weights",
        "| loss of what was held out | 0.6250 |",
        "transformers 5.",
    ):
        assert told in text, told
    row = next(line for line in text.splitlines() if line.startswith("| **student** | 0.400 |"))
    low, high = (float(each) for each in row.split("|")[3].split(" to "))
    assert 0.1 < low < 0.4 < high < 0.7
    assert "| 75% |" in row
    assert sum(line.startswith("| **student** |") for line in text.splitlines()) == 2  # AUP, too
    assert "AUP over 2 solvers and the baseline on 4 tasks, 16 runs." in text
    assert "sha" not in head


def test_the_same_again_is_no_commit_and_what_is_gone_goes(hub: HubServer, model: Path, tmp_path: Path) -> None:
    out = sft_run(tmp_path / "student", model)
    hub.add(
        "mine/student",
        {"model-00001-of-00002.safetensors": b"earlier", "picture.png": b"mine", "notes/model.safetensors": b"mine"},
    )
    first = share(out, "mine/student")
    again = share(out, "mine/student")
    assert (first.new, again.new, again.commit) == (True, False, first.commit)
    files = hub.files("mine/student")
    assert "model-00001-of-00002.safetensors" not in files
    assert {"picture.png", "notes/model.safetensors"} <= set(files)
    assert len((out / "pushed.jsonl").read_text().splitlines()) == 1
    (out / "metrics.jsonl").write_text("{}\n")
    assert share(out, "mine/student").new


def test_an_adapter_names_the_model_that_was_pushed_before_it(hub: HubServer, model: Path, tmp_path: Path) -> None:
    student = sft_run(tmp_path / "student", model)
    commit = share(student, "mine/student").commit
    out = rl_run(tmp_path / "rl", student, content_hash(student))
    share(out, "mine/better")
    files = hub.files("mine/better")
    settings = json.loads(files["adapter_config.json"])
    assert (settings["base_model_name_or_path"], settings["revision"]) == ("mine/student", commit)
    assert set(files) == {".gitattributes", "README.md", "adapter_config.json", "adapter_model.safetensors"}
    assert str(tmp_path).encode() not in b"\n".join(files.values())
    head, text = card(hub, "mine/better")
    assert (head["library_name"], head["base_model"], head["base_model_relation"]) == (
        "peft",
        "mine/student",
        "adapter",
    )
    assert "This is a LoRA adapter alone" in text
    assert f"synthgym serve mine/student@{commit} --adapter student=better\n" in text
    assert "| tokens trained on | 734 |" in text
    assert "- `toys/b-v0`" in text
    assert "| toys/* | 2 |" in text


def test_a_base_that_nobody_knows_is_told_by_its_last_name(hub: HubServer, model: Path, tmp_path: Path) -> None:
    out = rl_run(tmp_path / "rl", model, "0" * 64)
    share(out, "mine/better")
    head, text = card(hub, "mine/better")
    assert "base_model" not in head
    assert "license" not in head
    assert "is not known to be on the Hub" in text
    assert json.loads(hub.files("mine/better")["adapter_config.json"])["base_model_name_or_path"] == "tiny-base"


def test_who_is_the_student(model: Path, tmp_path: Path) -> None:
    out = sft_run(tmp_path / "pupil", model)
    scores = benchmark(tmp_path / "benchmark", {"student": "chat:m@http://10.0.0.7:8000/v1", "base": "other"})
    with pytest.raises(UserError, match=r"which agent is the student\? .*--scores .*:"):
        share(out, "mine/student", scores=str(scores))
    with pytest.raises(UnknownNameError, match="pupil"):
        share(out, "mine/student", scores=f"{scores}:pupil")
    with pytest.raises(UserError, match="no such folder"):
        share(out, "mine/student", scores=f"{tmp_path}/nothing:pupil")
    with HubServer() as own, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_ENDPOINT", own.url)
        patch.setenv("HF_TOKEN", own.key)
        share(out, "mine/student", scores=f"{scores}:chat:m@http://10.0.0.7:8000/v1")
        text = card(own)[1]
    assert "| **chat:m** | 0.400 |" in text
    assert "10.0.0.7" not in text


def test_what_is_told_before_a_training(
    hub: HubServer, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_sharing("mine/student", tmp_path)
    check_sharing("tester/student", tmp_path, private=True)
    assert not any(request.method == "POST" for request in hub.requests)
    for name, told in [("student", "user/name"), ("a/b/c", "not the name"), ("../x", "not the name")]:
        with pytest.raises(HubRefused, match=told):
            check_sharing(name, tmp_path)
    with pytest.raises(HubRefused, match="may write for tester, mine only"):
        check_sharing("others/student", tmp_path)
    hub.add("mine/public", {})
    with pytest.raises(UserError, match="exists and is public"):
        check_sharing("mine/public", tmp_path, private=True)
    with pytest.raises(UserError, match="no such folder"):
        check_sharing("mine/student", tmp_path, scores=str(tmp_path / "nothing"))
    hub.role = "read"
    with pytest.raises(HubRefused, match="may only read"):
        check_sharing("mine/student", tmp_path)
    wrong = "hf_wrong" + "x" * 20
    monkeypatch.setenv("HF_TOKEN", wrong)
    with pytest.raises(HubRefused, match=r"your key: refused \(401\)") as refused:
        check_sharing("mine/student", tmp_path)
    assert refused.value.kind == "key"
    assert wrong not in str(refused.value)
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(HubRefused, match="no key for the Hub is set"):
        check_sharing("mine/student", tmp_path)
    monkeypatch.setenv("HF_TOKEN", key)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(HubError, match="failed"):
        check_sharing("mine/student", tmp_path)


def test_a_push_that_is_refused_leaves_nothing(
    hub: HubServer, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = sft_run(tmp_path / "student", model)
    monkeypatch.setenv("HF_TOKEN", "hf_wrong" + "x" * 20)
    with pytest.raises(HubRefused, match="set HF_TOKEN"):
        share(out, "mine/student")
    assert not (out / "pushed.jsonl").exists()
    (out / "sft.json").unlink()
    with pytest.raises(UserError, match="finished training"):
        share(out, "mine/student")
    monkeypatch.setenv("HF_TOKEN", hub.key)
    out = sft_run(tmp_path / "other", model)
    share(out, "mine/hidden", private=True)
    assert hub.is_private("mine/hidden")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("/home/me/runs/teacher", "teacher"),
        ("/home/jo hn/runs/the teacher", "the teacher"),
        ("serve:/srv/models/m?adapter=/home/me/a&temperature=0", "serve:m?adapter=a&temperature=0"),
        ("~/runs/teacher", "teacher"),
        ("runs/teacher", "runs/teacher"),
        ("https://huggingface.co/a/b", "https://huggingface.co/a/b"),
        ("hf://a/b@main", "hf://a/b@main"),
        ("wins/losses, /no_think and </think>", "wins/losses, /no_think and </think>"),
    ],
)
def test_of_paths_the_last_name_is_left(text: str, left: str) -> None:
    assert without_paths({text: [text]}) == {left: [left]}
