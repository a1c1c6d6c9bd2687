"""The base model's reading: what environments show is learned, what replies say is not."""

from __future__ import annotations

import random
from typing import Any

import pytest

from synthgym.base.errors import UserError
from synthgym.train.conversations import Conversation, encode
from synthgym.train.small.pretraining import read
from synthgym.train.small.student import StudentConfig, new_student
from synthgym.train.small.tokenizer import train_tokenizer

COLOURS = ["amber", "azure", "coral", "ebony", "ivory", "khaki", "lilac", "ochre"]


def talk(rng: random.Random) -> Conversation:
    colour = rng.choice(COLOURS)
    return [
        {"role": "user", "content": f"The first is {colour}."},
        {"role": "assistant", "content": f"```bash\necho {colour}\n```"},
        {"role": "user", "content": f"So it was {colour}."},
    ]


@pytest.fixture(scope="module")
def talks() -> list[Conversation]:
    rng = random.Random(0)
    return [talk(rng) for _ in range(60)]


@pytest.fixture(scope="module")
def tokenizer(talks: list[Conversation]) -> Any:
    return train_tokenizer(talks, words=330, phrases=0)


def losses(model: Any, tokenizer: Any, talks: list[Conversation]) -> tuple[float, float]:
    """Mean loss on replies, and on what is shown."""
    import torch

    sums = [[0.0, 0], [0.0, 0]]
    model.eval()
    for messages in talks:
        sample = encode(tokenizer, messages)
        with torch.no_grad():
            logits = model(torch.tensor([sample.input_ids])).logits[0]
        each = torch.nn.functional.cross_entropy(logits[:-1], torch.tensor(sample.input_ids[1:]), reduction="none")
        for loss, label in zip(each.tolist(), sample.labels[1:], strict=True):
            sums[label == -100][0] += loss
            sums[label == -100][1] += 1
    (said, replies), (heard, shown) = sums
    return said / replies, heard / shown


def test_what_is_shown_is_learned_and_replies_are_not(talks: list[Conversation], tokenizer: Any) -> None:
    model = new_student(StudentConfig(width=32, layers=2, inner=64), tokenizer)
    _, shown = losses(model, tokenizer, talks[:8])
    report = read(model, tokenizer, talks, steps=150, learning_rate=5e-3)
    replies_after, shown_after = losses(model, tokenizer, talks[:8])
    assert shown_after < shown / 4
    assert replies_after > shown_after * 4
    assert report.steps == 150
    assert report.tokens > report.steps * 4 * 20
    assert 0 < report.loss < shown


def test_conversations_that_fit_nowhere_are_an_error(talks: list[Conversation], tokenizer: Any) -> None:
    model = new_student(StudentConfig(width=32, layers=2, inner=64, positions=16), tokenizer)
    with pytest.raises(UserError, match="none of 60 conversations fits"):
        read(model, tokenizer, talks, steps=1)
