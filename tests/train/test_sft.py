"""SFT with TRL on a tiny student: it learns, ends in time, survives a kill, and what it saves can be loaded."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from synthgym.base.errors import OutputFolderError, UserError
from synthgym.train.sft import REPORT_FILE, SFTReport, SFTSettings, sft
from synthgym.train.student import StudentConfig, load_student, new_student, save_student
from synthgym.train.tokenizer import train_tokenizer

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
    save_student(new_student(StudentConfig(width=32, layers=2, inner=64), tokenizer), tokenizer, folder / "base")
    return folder


def answer(folder: Path, word: str) -> str:
    model, tokenizer = load_student(folder)
    asked = tokenizer.apply_chat_template(
        [{"role": "user", "content": f"Say {word}."}], add_generation_prompt=True, return_tensors="pt", return_dict=True
    )
    said = model.generate(**asked, max_new_tokens=20, do_sample=False)[0, asked["input_ids"].shape[1] :]
    text: str = tokenizer.decode(said)
    return text


def test_it_learns_to_answer_and_a_finished_run_is_not_run_again(place: Path) -> None:
    settings = SFTSettings(learning_rate=5e-3, batch=8, micro_batch=4, epochs=4, warmup_steps=5)
    report = sft(place / "base", place / "messages.jsonl", place / "student", settings)
    assert (report.conversations, report.samples, report.too_long) == (400, 400, 0)
    assert report.steps == 200
    assert report.epochs == pytest.approx(4)
    assert report.history[0][2] > 1 > 0.3 > report.loss
    assert report.accuracy > 0.9
    assert answer(place / "student", "heron") == "```bash\necho heron\n```<|im_end|>"
    assert not (place / "student" / "checkpoints").exists()
    start = time.monotonic()
    assert sft(place / "base", place / "messages.jsonl", place / "student", settings) == report
    assert time.monotonic() - start < 1
    with pytest.raises(OutputFolderError, match="another training run"):
        sft(place / "base", place / "messages.jsonl", place / "student", SFTSettings())


def test_a_folder_with_something_else_in_it_is_left_alone(place: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(OutputFolderError, match="new or empty"):
        sft(place / "base", place / "messages.jsonl", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_time_ends_it_with_the_learning_rate_at_zero(place: Path, tmp_path: Path) -> None:
    settings = SFTSettings(max_seconds=4, epochs=1000, warmup_steps=2)
    report = sft(place / "base", place / "messages.jsonl", tmp_path / "out", settings)
    assert 2 < report.seconds < 60  # a step on a busy machine may overrun
    assert report.epochs < 1000
    assert report.steps >= 1


def test_packing_trains_as_well(place: Path, tmp_path: Path) -> None:
    settings = SFTSettings(packing=True, max_length=64, batch=4, micro_batch=2, epochs=3, learning_rate=5e-3)
    report = sft(place / "base", place / "messages.jsonl", tmp_path / "out", settings)
    assert report.samples == 400
    assert report.steps < 3 * 400 / 4 / 2  # more than one conversation a pack
    assert report.history[-1][2] < report.history[0][2]


def test_renamed_copies_are_counted(place: Path, tmp_path: Path) -> None:
    settings = SFTSettings(copies=2, max_seconds=2)
    report = sft(place / "base", place / "messages.jsonl", tmp_path / "out", settings)
    assert (report.conversations, report.samples) == (400, 1200)


def test_nothing_that_fits_is_an_error(place: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="400 are longer than max_length 4"):
        sft(place / "base", place / "messages.jsonl", tmp_path / "out", SFTSettings(max_length=4))


KILLED = """
import sys
from synthgym.train.sft import SFTSettings, sft
sft(sys.argv[1], sys.argv[2], sys.argv[3], SFTSettings.model_validate_json(sys.argv[4]))
"""


@pytest.mark.slow
def test_a_killed_run_goes_on_from_its_checkpoint(place: Path, tmp_path: Path) -> None:
    settings = SFTSettings(learning_rate=5e-3, epochs=6, checkpoint_seconds=1.0)
    arguments = [str(place / "base"), str(place / "messages.jsonl"), str(tmp_path / "out"), settings.model_dump_json()]
    process = subprocess.Popen([sys.executable, "-c", KILLED, *arguments], env=os.environ | {"OMP_NUM_THREADS": "1"})
    step = _wait_for_checkpoint(tmp_path / "out" / "checkpoints", process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    seen = Steps()
    report = sft(arguments[0], arguments[1], arguments[2], settings, seen)
    assert report.steps == 600
    assert 0 < seen.count <= 600 - step
    assert [at for _, at, _ in report.history] == list(range(10, 601, 10))
    assert report.loss < 0.3
    assert SFTReport(**json.loads((tmp_path / "out" / REPORT_FILE).read_text())) == report


def _wait_for_checkpoint(folder: Path, process: subprocess.Popen[bytes]) -> int:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        whole = [path for path in folder.glob("checkpoint-*") if (path / "trainer_state.json").exists()]
        if whole:
            return max(int(path.name.split("-")[1]) for path in whole)
        time.sleep(0.02)
    raise AssertionError("no checkpoint was written")


class Steps:
    """Progress that counts."""

    def __init__(self) -> None:
        self.count = 0

    def advance(self, done: int = 1, status: str | None = None) -> None:
        self.count += done

    def say(self, text: str) -> Any: ...


def test_the_loss_is_trls(place: Path) -> None:
    from trl import SFTConfig, SFTTrainer

    from synthgym.base.progress import Silent
    from synthgym.train.data import IGNORED, encode_all, read_conversations, to_dataset
    from synthgym.train.timed import TimedTrainer, collate_padded

    model, tokenizer = load_student(place / "base")
    samples = encode_all(tokenizer, read_conversations(place / "messages.jsonl")[:4], 2048)
    collate, skip = collate_padded(tokenizer.pad_token_id, IGNORED), {"skip_prepare_dataset": True}
    trainer = TimedTrainer(
        model=model,
        args=SFTConfig(output_dir=str(place / "unused"), bf16=False, report_to=[], dataset_kwargs=skip),
        train_dataset=to_dataset(samples),
        processing_class=tokenizer,
        data_collator=collate,
        settings=SFTSettings(),
        progress=Silent(),
    )
    batch = collate([vars(sample) for sample in samples.kept])
    learned = (batch["labels"] != IGNORED).sum()
    model.train()
    ours = trainer.compute_loss(model, dict(batch), num_items_in_batch=learned)
    theirs = SFTTrainer.compute_loss(trainer, model, dict(batch), num_items_in_batch=learned)
    assert ours.item() == pytest.approx(theirs.item(), rel=1e-5)
    assert len(set(trainer._metrics["train"]["mean_token_accuracy"])) == 1
