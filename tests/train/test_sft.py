"""SFT with TRL on a tiny student: it learns, a seed decides it to the bit, and what it saves can be loaded."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import torch

from synthgym.base.errors import OutputFolderError, UserError
from synthgym.train.checkpoints import last_checkpoint
from synthgym.train.models.resolve import load_model
from synthgym.train.models.saving import save_model
from synthgym.train.sft.run import REPORT_FILE, LoRASettings, SFTReport, SFTSettings, sft
from synthgym.train.small.student import StudentConfig, new_student
from synthgym.train.small.tokenizer import train_tokenizer

WORDS = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "iris", "jade", "kelp", "lotus"]


def talk(rng: random.Random) -> list[dict[str, str]]:
    word = rng.choice(WORDS)
    return [
        {"role": "user", "content": f"Say {word}."},
        {"role": "assistant", "content": f"```bash\necho {word}\n```"},
    ]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a base model and conversations."""
    folder = tmp_path_factory.mktemp("sft")
    rng = random.Random(0)
    talks = [talk(rng) for _ in range(400)]
    with open(folder / "messages.jsonl", "w", encoding="utf-8") as file:
        file.writelines(json.dumps({"messages": messages}) + "\n" for messages in talks)
    tokenizer = train_tokenizer(talks, words=330, phrases=20)
    save_model(new_student(StudentConfig(width=32, layers=2, inner=64), tokenizer), tokenizer, folder / "base")
    return folder


def answer(folder: Path, word: str) -> str:
    model, tokenizer = load_model(folder)
    asked = tokenizer.apply_chat_template(
        [{"role": "user", "content": f"Say {word}."}], add_generation_prompt=True, return_tensors="pt", return_dict=True
    )
    said = model.generate(**asked, max_new_tokens=20, do_sample=False)[0, asked["input_ids"].shape[1] :]
    text: str = tokenizer.decode(said)
    return text


@pytest.mark.slow
def test_it_learns_to_answer_and_a_finished_run_is_not_run_again(place: Path) -> None:
    settings = SFTSettings(learning_rate=5e-3, batch=8, micro_batch=4, epochs=4, warmup_steps=5)
    report = sft(place / "base", place / "messages.jsonl", place / "student", settings)
    assert (report.conversations, report.samples, report.too_long) == (400, 400, 0)
    assert report.steps == 200
    assert report.epochs == pytest.approx(4)
    assert report.history[0][1] > 1 > 0.3 > report.loss
    assert report.accuracy > 0.9
    assert answer(place / "student", "heron") == "```bash\necho heron\n```<|im_end|>"
    assert not (place / "student" / "checkpoints").exists()
    start = time.monotonic()
    assert sft(place / "base", place / "messages.jsonl", place / "student", settings) == report
    assert time.monotonic() - start < 1
    with pytest.raises(OutputFolderError, match="holds another run"):
        sft(place / "base", place / "messages.jsonl", place / "student", SFTSettings())


def test_a_folder_with_something_else_in_it_is_left_alone(place: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(OutputFolderError, match=r"holds no run of synthgym but thesis\.txt"):
        sft(place / "base", place / "messages.jsonl", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def weights(folder: Path) -> bytes:
    return (folder / "model.safetensors").read_bytes()


def test_steps_end_it_whatever_the_passes(place: Path, tmp_path: Path) -> None:
    report = sft(place / "base", place / "messages.jsonl", tmp_path / "out", SFTSettings(max_steps=30, batch=20))
    assert (report.steps, report.epochs) == (30, 1.5)
    assert [step for step, _ in report.history] == [10, 20, 30]


@pytest.mark.slow
def test_a_seed_gives_the_same_weights_whatever_else_runs_and_whatever_the_order(place: Path, tmp_path: Path) -> None:
    lines = (place / "messages.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "shuffled.jsonl").write_text("".join(random.Random(1).sample(lines, len(lines))), encoding="utf-8")
    settings = SFTSettings(max_steps=25, copies=1, threads=1)
    sft(place / "base", place / "messages.jsonl", tmp_path / "quiet", settings)
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    arguments = [place / "base", tmp_path / "shuffled.jsonl", tmp_path / "busy", settings.model_dump_json()]
    try:
        other = os.environ | {"OMP_NUM_THREADS": "2", "PYTHONHASHSEED": "7"}
        subprocess.run([sys.executable, "-c", TRAINS, *map(str, arguments)], env=other, check=True)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    sft(place / "base", place / "messages.jsonl", tmp_path / "other", settings.model_copy(update={"seed": 1}))
    assert weights(tmp_path / "quiet") == weights(tmp_path / "busy")
    assert weights(tmp_path / "quiet") != weights(tmp_path / "other")


def test_packing_trains_as_well(place: Path, tmp_path: Path) -> None:
    settings = SFTSettings(packing=True, max_length=64, batch=4, micro_batch=2, epochs=3, learning_rate=5e-3)
    report = sft(place / "base", place / "messages.jsonl", tmp_path / "out", settings)
    assert report.samples == 400
    assert report.steps < 3 * 400 / 4 / 2  # more than one conversation a pack
    assert report.history[-1][1] < report.history[0][1]


def test_renamed_copies_are_counted(place: Path, tmp_path: Path) -> None:
    settings = SFTSettings(copies=2, max_steps=2)
    report = sft(place / "base", place / "messages.jsonl", tmp_path / "out", settings)
    assert (report.conversations, report.samples) == (400, 1200)


def write_talks(path: Path, talks: list[list[dict[str, str]]]) -> Path:
    path.write_text("".join(json.dumps({"messages": messages}) + "\n" for messages in talks), encoding="utf-8")
    return path


@pytest.mark.parametrize(("count", "steps"), [(1, 1), (3, 1), (30, 8), (50, 13)])
def test_few_conversations_give_a_report_of_numbers(place: Path, tmp_path: Path, count: int, steps: int) -> None:
    talks = [talk(random.Random(seed)) for seed in range(count)]
    report = sft(place / "base", write_talks(tmp_path / "few.jsonl", talks), tmp_path / "out", SFTSettings())
    assert report.steps == steps
    assert report.history[-1][0] == steps

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    written = json.loads((tmp_path / "out" / REPORT_FILE).read_text(encoding="utf-8"), parse_constant=refuse)
    assert 0 < written["loss"] < 20
    assert 0 <= written["accuracy"] <= 1


def test_what_the_models_context_does_not_hold_is_left_out(place: Path, tmp_path: Path) -> None:
    tokenizer = load_model(place / "base")[1]
    short = new_student(StudentConfig(width=32, layers=2, inner=64, positions=64), tokenizer)
    save_model(short, tokenizer, tmp_path / "base")
    long = [{"role": "user", "content": "Say amber. " * 30}, {"role": "assistant", "content": "no"}]
    talks = write_talks(tmp_path / "talks.jsonl", [*[talk(random.Random(seed)) for seed in range(8)], long])
    report = sft(tmp_path / "base", talks, tmp_path / "out", SFTSettings())
    assert (report.samples, report.too_long) == (8, 1)
    assert report.longest > 64


def test_a_training_that_diverges_is_told(place: Path, tmp_path: Path) -> None:
    settings = SFTSettings(learning_rate=1e30, max_steps=8, warmup_steps=0)
    with pytest.raises(UserError, match=r"diverged.*learning_rate below 1e\+30"):
        sft(place / "base", place / "messages.jsonl", tmp_path / "out", settings)
    assert not (tmp_path / "out" / "model.safetensors").exists()


def test_a_batch_is_a_multiple_of_what_goes_at_once() -> None:
    assert SFTSettings(batch=1).at_once == 1
    with pytest.raises(ValueError, match=r"expected a multiple of micro_batch \(4\), got 6"):
        SFTSettings(batch=6)


def test_no_data_and_no_base_are_told_and_leave_the_folder_free(place: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nothing to train on"):
        sft(place / "base", [], tmp_path / "out")
    for missing in (tmp_path / "gone", "./gone", "runs/gone/base"):
        with pytest.raises(UserError, match="expected the folder of a saved model"):
            sft(missing, place / "messages.jsonl", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    sft(place / "base", place / "messages.jsonl", tmp_path / "out", SFTSettings(max_steps=1))


def test_several_processes_are_refused(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(UserError, match="one of several"):
        sft(place / "base", place / "messages.jsonl", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_tensorboard_files_are_each_trainings_own(place: Path, tmp_path: Path) -> None:
    settings = SFTSettings(max_steps=2, report_to=["tensorboard"])
    for name in ("one", "other"):
        sft(place / "base", place / "messages.jsonl", tmp_path / name, settings)
        assert list((tmp_path / name / "tensorboard").glob("events.*"))
    assert "TENSORBOARD_LOGGING_DIR" not in os.environ


def test_nothing_that_fits_is_an_error(place: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="400 are longer than max_length 4"):
        sft(place / "base", place / "messages.jsonl", tmp_path / "out", SFTSettings(max_length=4))


TRAINS = """
import sys
from synthgym.train.sft.run import SFTSettings, sft
sft(sys.argv[1], sys.argv[2], sys.argv[3], SFTSettings.model_validate_json(sys.argv[4]))
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("other", [{}, {"packing": True, "max_length": 64}, {"lora": {"rank": 8}, "threads": 2}])
def test_a_killed_run_goes_on_from_its_checkpoint_to_the_same_weights(
    place: Path, tmp_path: Path, other: dict[str, Any]
) -> None:
    settings = SFTSettings.model_validate(
        {"learning_rate": 5e-3, "epochs": 6, "batch": 8, "checkpoint_steps": 25, **other}
    )
    arguments = [str(place / "base"), str(place / "messages.jsonl"), str(tmp_path / "out"), settings.model_dump_json()]
    process = subprocess.Popen([sys.executable, "-c", TRAINS, *arguments])
    step = _wait_for_checkpoint(tmp_path / "out" / "checkpoints", process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    torn = tmp_path / "out" / "checkpoints" / "checkpoint-100000"  # the kill came while one was written
    torn.mkdir()
    (torn / "model.safetensors").write_bytes(b"half")
    seen = Steps()
    report = sft(arguments[0], arguments[1], arguments[2], settings, seen)
    assert seen.count == report.steps
    assert seen.calls <= report.steps - step + 1
    assert SFTReport(**json.loads((tmp_path / "out" / REPORT_FILE).read_text())) == report
    whole = sft(arguments[0], arguments[1], tmp_path / "whole", settings)
    assert weights(tmp_path / "out") == weights(tmp_path / "whole")
    assert asdict(report) | {"seconds": 0} == asdict(whole) | {"seconds": 0}
    assert [at for at, _ in report.history][:3] == [10, 20, 30]


def _wait_for_checkpoint(folder: Path, process: subprocess.Popen[bytes]) -> int:
    while process.poll() is None:  # however busy the machine is
        if whole := last_checkpoint(folder):  # a file that is there may not be all there
            return int(whole.name.split("-")[1])
        time.sleep(0.02)
    raise AssertionError("no checkpoint was written")


class Steps:
    """Progress that counts."""

    def __init__(self) -> None:
        self.count = self.calls = 0

    def advance(self, done: int = 1, status: str | None = None) -> None:
        self.count += done
        self.calls += 1

    def say(self, text: str) -> Any: ...


@pytest.mark.parametrize("lora", [None, LoRASettings(rank=4, alpha=8)])
def test_the_loss_and_its_gradients_are_trls(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lora: LoRASettings | None
) -> None:
    """Of a batch of four, which with an adapter is one row, in two threads, in our own kernels."""
    from trl import SFTTrainer

    from synthgym.base.progress import Silent
    from synthgym.train.batches import padded
    from synthgym.train.conversations import IGNORED
    from synthgym.train.models.lora import with_adapter
    from synthgym.train.sft.dataset import write_samples
    from synthgym.train.sft.sources import Reading
    from synthgym.train.sft.trainer import ConversationTrainer, arguments

    settings = SFTSettings(lora=lora, threads=2)

    def trainer(name: str) -> Any:
        model, tokenizer = load_model(place / "base")
        samples = write_samples(
            Reading([place / "messages.jsonl"], settings.filter), tokenizer, tmp_path / name, max_length=2048
        )
        if lora:
            model = with_adapter(model, lora, seed=0)
            torch.manual_seed(0)
            for weights in model.parameters():
                if weights.requires_grad:  # B begins at 0, and with it A's gradient
                    weights.data.normal_(0, 0.05)
        return ConversationTrainer(
            model=model,
            args=arguments(settings, tmp_path / "unused"),
            samples=samples,
            processing_class=tokenizer,
            settings=settings,
            progress=Silent(),
            metrics=tmp_path / "metrics.jsonl",
        )

    def gradients(model: Any) -> dict[str, torch.Tensor]:
        return {name: each.grad for name, each in model.named_parameters() if each.grad is not None}

    ours = trainer("ours")
    rows = [ours.train_dataset[at] for at in range(4)]
    batch = padded(ours.processing_class.pad_token_id)(rows)
    learned = (batch["labels"] != IGNORED).sum()
    loss = ours.training_step(ours.model, ours.data_collator(rows), learned)
    monkeypatch.setattr("synthgym.train.kernels.fit.fit", lambda *_: False)  # PEFT's own layers
    theirs = trainer("theirs")
    plain = theirs.model
    plain.train()
    wanted = SFTTrainer.compute_loss(theirs, plain, dict(batch), num_items_in_batch=learned)
    wanted.backward()
    assert loss.item() == pytest.approx(wanted.item(), rel=1e-5)
    found, expected = gradients(ours.model), gradients(plain)
    assert found.keys() == expected.keys()
    assert len(found) > 10
    for name, gradient in expected.items():
        torch.testing.assert_close(found[name], gradient, rtol=1e-3, atol=1e-6)


@pytest.mark.slow
def test_an_adapter_is_trained_the_same_however_busy_the_machine_is(place: Path, tmp_path: Path) -> None:
    settings = SFTSettings(
        learning_rate=1e-2, max_steps=40, batch=8, micro_batch=8, threads=2, lora=LoRASettings(rank=8), held_out=0.05
    )
    report = sft(place / "base", place / "messages.jsonl", tmp_path / "quiet", settings)
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    try:
        again = sft(place / "base", place / "messages.jsonl", tmp_path / "busy", settings)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert weights(tmp_path / "quiet") == weights(tmp_path / "busy")
    assert asdict(report) | {"seconds": 0} == asdict(again) | {"seconds": 0}
    assert report.history[0][1] > report.loss
    assert report.held_out_loss is not None
    assert report.samples < 400
    base, tuned = weights(place / "base"), weights(tmp_path / "quiet")
    assert len(base) == len(tuned)
    assert base != tuned
    assert (tmp_path / "quiet" / "adapter" / "adapter_model.safetensors").exists()
