"""Tokenizer, base model, warm-up: what is copied must be cut alike everywhere, and be copied."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from synthgym.base.errors import MissingDependencyError, UserError
from synthgym.train import extras
from synthgym.train.models.resolve import load_model
from synthgym.train.models.saving import save_model
from synthgym.train.small.student import StudentConfig, new_student
from synthgym.train.small.tokenizer import FIRST_WORD, train_tokenizer, words_of_prose
from synthgym.train.small.warmup import copying, random_walks, repeats, warm_up

Conversation = list[dict[str, str]]
NAMES = ["penalty", "rounds", "depth", "radius", "width", "smoothing", "cells", "votes"]


def conversation(rng: random.Random) -> Conversation:
    name = f"{rng.choice(NAMES)}_{rng.choice(NAMES)}"
    file, value = f"{rng.choice(NAMES)}.py", rng.randrange(10, 99)
    edit = f"sed -i 's/{name} = {value}/{name} = 1/' {file} && python {file} && validate"
    return [
        {"role": "system", "content": "Reply with one short line, then exactly one command."},
        {"role": "user", "content": f"# A challenge\nThe settings are in {file}."},
        {"role": "assistant", "content": f"I read {file}.\n```bash\ncat {file}\n```"},
        {"role": "user", "content": f'{name} = {value}  # "{name}"'},
        {"role": "assistant", "content": f"Next: {name} 1.\n```bash\n{edit}\n```"},
    ]


@pytest.fixture(scope="module")
def conversations() -> list[Conversation]:
    rng = random.Random(0)
    return [conversation(rng) for _ in range(60)]


@pytest.fixture(scope="module")
def tokenizer(conversations: list[Conversation]) -> Any:
    return train_tokenizer(conversations, words=400, phrases=100)


def pieces(tokenizer: Any, text: str) -> list[str]:
    return [tokenizer.decode([token]) for token in tokenizer.encode(text)]


@pytest.mark.parametrize(
    "text", ["Zorbel_x = 10.5\n\tif a:\r\n", "naïve – 漢字 🙂", "", "  \n\n   x  ", "s/a b/c\\/d/"]
)
def test_every_text_comes_back(tokenizer: Any, text: str) -> None:
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_a_name_is_cut_alike_wherever_it_stands(tokenizer: Any) -> None:
    alone = pieces(tokenizer, "zorbel_penalty")
    for before, after in [(" ", " "), ('"', '"'), ("s/", " = 1"), ("\n", ":"), ("(", ", ")]:
        found = pieces(tokenizer, f"{before}zorbel_penalty{after}")
        assert any(found[at : at + len(alone)] == alone for at in range(len(found))), (before, found)


def test_a_name_that_begins_with_a_word_of_prose_is_cut_alike(
    tokenizer: Any, conversations: list[Conversation]
) -> None:
    words = words_of_prose(conversations)
    assert {"validate", "sed", "python"} <= words
    for word in words:
        alone = pieces(tokenizer, f"{word}zor")
        for before, after in [(" ", " "), ("`", "`"), ("\n", ".py")]:
            found = pieces(tokenizer, f"{before}{word}zor{after}")
            assert any(found[at : at + len(alone)] == alone for at in range(len(found))), (word, found)


def test_prose_is_no_name_that_commands_copy(conversations: list[Conversation]) -> None:
    assert not set(NAMES) & words_of_prose(conversations)


def test_digits_stand_alone_and_phrases_are_one_token(tokenizer: Any, conversations: list[Conversation]) -> None:
    assert pieces(tokenizer, "2048") == ["2", "0", "4", "8"]
    assert len(pieces(tokenizer, conversations[0][0]["content"])) == 1
    assert any("```bash\nsed -i 's/" in piece for piece in pieces(tokenizer, conversations[0][4]["content"]))


def test_the_template_serves_what_it_trained(tokenizer: Any, conversations: list[Conversation]) -> None:
    shown, reply = conversations[0][:2], conversations[0][2]
    asked = tokenizer.apply_chat_template(shown, add_generation_prompt=True, tokenize=True)["input_ids"]
    trained = tokenizer.apply_chat_template([*shown, reply], tokenize=True)["input_ids"]
    assert trained[: len(asked)] == asked
    assert tokenizer.decode(trained[len(asked) :]) == reply["content"] + "<|im_end|>"
    assert trained[-1] == tokenizer.eos_token_id


def test_a_new_student_is_small_and_copies_before_any_training(tokenizer: Any) -> None:
    model = new_student(StudentConfig(), tokenizer, seed=1)
    assert 400_000 <= model.num_parameters() <= 900_000
    assert copying(model, length=256, first_token=FIRST_WORD) > 0.4
    for layer in model.model.layers:  # not by chance: without its attention it copies nothing
        layer.self_attn.q_proj.weight.data.normal_(0, 0.02)
    assert copying(model, length=256, first_token=FIRST_WORD) < 0.1


def test_a_seed_decides_the_weights(tokenizer: Any) -> None:
    first, again, other = (new_student(StudentConfig(width=64), tokenizer, seed) for seed in (3, 3, 4))
    weights = [model.model.layers[1].mlp.up_proj.weight for model in (first, again, other)]
    assert (weights[0] == weights[1]).all()
    assert not (weights[0] == weights[2]).all()


def test_the_warm_up_improves_copying_and_saving_keeps_it(tokenizer: Any, tmp_path: Path) -> None:
    model = new_student(StudentConfig(width=64, layers=2), tokenizer)
    before = copying(model, length=256, first_token=FIRST_WORD)
    report = warm_up(model, steps=40, first_token=FIRST_WORD)
    after = copying(model, length=256, first_token=FIRST_WORD)
    assert report.steps == 40
    assert after > before
    save_model(model, tokenizer, tmp_path)
    loaded, loaded_tokenizer = load_model(tmp_path)
    assert copying(loaded, length=256, first_token=FIRST_WORD) == pytest.approx(after, abs=1e-6)
    assert loaded_tokenizer.chat_template == tokenizer.chat_template


def test_rows_count_only_what_they_foretell() -> None:
    import numpy as np

    for make in (repeats, random_walks):
        tokens, labels = make(np.random.default_rng(0), 8, 128, 5, 300)
        assert tokens.min() >= 5
        assert tokens.max() < 300
        for row, wanted in zip(tokens.tolist(), labels.tolist(), strict=True):
            counted = [at for at, label in enumerate(wanted) if label != -100]
            assert counted
            for at in counted:
                assert wanted[at] == row[at]
                earlier = {(row[back - 1], row[back]) for back in range(1, at)}
                assert (row[at - 1], row[at]) in earlier


@pytest.mark.parametrize("shape", [{"heads": 3}, {"width": 100, "heads": 8}, {"layers": 1}])
def test_impossible_shapes_are_refused(shape: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        StudentConfig(**shape)


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match=r"expected the folder of a saved model"):
        load_model(tmp_path)
    monkeypatch.setattr(extras, "PACKAGES", ("torch", "no_such_package"))
    with pytest.raises(MissingDependencyError, match=r"needs no_such_package.*pip install 'synthgym\[train\]'"):
        load_model(tmp_path)


def test_names_have_no_part_in_phrases(tokenizer: Any) -> None:
    for name in NAMES:
        for text in (f" {name} ", f"read {name}.py", f"s/{name}_x = 1/", f"cat {name}.py\n"):
            assert not [piece for piece in pieces(tokenizer, text) if name in piece and piece != name]
    assert max(len(piece) for piece in pieces(tokenizer, ".\n```bash\nsed -i 's/")) > 8
