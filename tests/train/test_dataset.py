"""Samples on disk: what fits, what does not, what is held out, how often each is trained on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from synthgym.base.errors import UserError
from synthgym.train.conversations import Conversation, encode
from synthgym.train.sft.dataset import SampleSet, write_samples
from synthgym.train.sft.sample_order import training_order
from synthgym.train.sft.sources import Example
from synthgym.train.small.tokenizer import train_tokenizer


def talk(turns: int, word: str = "frog") -> Conversation:
    messages = [{"role": "system", "content": "One command."}, {"role": "user", "content": f"About a {word}."}]
    for turn in range(turns):
        messages += [
            {"role": "assistant", "content": f"Turn {turn}.\n```bash\necho {word} {turn}\n```"},
            {"role": "user", "content": f"{word} {turn}"},
        ]
    return messages[:-1]


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return train_tokenizer([talk(5)] * 3, words=320, phrases=20)


def written(folder: Path, tokenizer: Any, examples: Sequence[Example], **options: Any) -> SampleSet:
    return write_samples(examples, tokenizer, folder, **{"max_length": 10_000, **options})


def test_what_is_too_long_is_left_out_and_counted_never_cut(tokenizer: Any, tmp_path: Path) -> None:
    short, long = talk(2), talk(9)
    length = len(encode(tokenizer, short).input_ids)
    samples = written(tmp_path / "a", tokenizer, [*map(Example, (short, long, short))], max_length=length)
    assert (len(samples), samples.counts.too_long, samples.counts.conversations) == (2, 1, 3)
    assert samples.counts.longest == len(encode(tokenizer, long).input_ids) > length
    assert samples.counts.tokens == 2 * length == samples.lengths.sum()
    sample = encode(tokenizer, short)
    assert samples.counts.learned == 2 * sample.learned
    assert samples.dataset()[1] == {"input_ids": sample.input_ids, "labels": sample.labels}
    with pytest.raises(UserError, match=rf"3 are longer than max_length {length - 1} \(the longest has"):
        written(tmp_path / "b", tokenizer, [*map(Example, (short, long, short))], max_length=length - 1)


def test_a_conversation_without_a_learned_reply_is_left_out(tokenizer: Any, tmp_path: Path) -> None:
    silent = [{**message, "weight": 0} for message in talk(2)]
    assert written(tmp_path, tokenizer, [*map(Example, (talk(2), silent))]).counts.silent == 1


def test_the_order_of_what_comes_in_does_not_matter(tokenizer: Any, tmp_path: Path) -> None:
    examples = [Example(talk(turns)) for turns in (1, 2, 3, 4)]
    one = written(tmp_path / "a", tokenizer, examples)
    other = written(tmp_path / "b", tokenizer, examples[::-1])
    assert one.digest == other.digest
    assert one.dataset()["input_ids"] == other.dataset()["input_ids"]
    assert written(tmp_path / "c", tokenizer, examples[:3]).digest != one.digest


def test_windows_learn_every_reply_once_and_begin_with_the_briefing(tokenizer: Any, tmp_path: Path) -> None:
    long = talk(30)
    most = len(encode(tokenizer, talk(8)).input_ids)
    samples = written(tmp_path, tokenizer, [Example(long)], max_length=most, too_long="window")
    assert (samples.counts.windowed, samples.counts.too_long) == (1, 0)
    assert 4 <= len(samples) <= 8
    assert samples.lengths.max() <= most
    learned = Counter[str]()
    for sample in samples.dataset():
        text = tokenizer.decode(sample["input_ids"])
        assert "About a frog." in text
        replies = tokenizer.decode([label for label in sample["labels"] if label != -100])
        learned.update(part.split(".")[0] for part in replies.split("Turn ")[1:])
    assert learned == {str(turn): 1 for turn in range(30)}


def test_what_is_held_out_is_whole_challenges(tokenizer: Any, tmp_path: Path) -> None:
    examples = [Example(talk(2, f"w{name}{copy}"), f"c{name}") for name in range(20) for copy in range(3)]
    samples = written(tmp_path, tokenizer, examples)
    assert samples.held_out(0.0, 0) == []
    held_out = samples.held_out(0.2, seed=1)
    assert len(held_out) % 3 == 0
    assert 3 <= len(held_out) <= 24
    assert held_out == samples.held_out(0.2, seed=1) != samples.held_out(0.2, seed=2)
    assert len(samples.held_out(1e-9, seed=1)) == 3  # of one, at least


def test_weights_by_improvement_and_balance(tokenizer: Any, tmp_path: Path) -> None:
    examples = [Example(talk(1, "a"), "one", 0.2), *(Example(talk(1, f"b{n}"), "two", 0.8) for n in range(4))]
    samples = written(tmp_path, tokenizer, examples, sort=False)
    assert samples.weights(by_improvement=False, balance=False) is None
    by = samples.weights(by_improvement=True, balance=False)
    assert by is not None
    assert by.mean() == pytest.approx(1)
    assert by[1] == pytest.approx(4 * by[0])
    balanced = samples.weights(by_improvement=False, balance=True)
    assert balanced is not None
    assert balanced[0] == pytest.approx(balanced[1:].sum())


def test_a_weight_is_how_often() -> None:
    weights = [0.25, 0.5, 1.0, 2.25]
    order = training_order(4, batch=1, epochs=100, max_steps=None, seed=0, weights=weights)
    counts = Counter(order)
    for sample, weight in enumerate(weights):
        assert counts[sample] == pytest.approx(100 * weight, abs=2)
    assert order == training_order(4, batch=1, epochs=100, max_steps=None, seed=0, weights=weights)


def test_tokens_end_it() -> None:
    lengths = [10, 20, 30]
    order = training_order(3, batch=2, epochs=1, max_steps=None, seed=0, lengths=lengths, max_tokens=100)
    total = sum(lengths[at] for at in order)
    assert 100 <= total < 130
