"""All samples of a training, tokenised once, on disk: read from there as they are needed, however many there are.

::

    <folder>/samples.arrow   input_ids and labels, a row a sample, as Arrow streams them
    <folder>/samples.json    what became of the conversations
    <folder>/samples.npz     for each sample: its length, challenge, improvement, and what it is held out with

In memory stays what decides the order, some forty bytes a sample. That order is the samples' own, by digest: it does
not matter in which order episodes were finished, or files given.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from synthgym.base.errors import UserError
from synthgym.base.files.outputs import reported, whole_file, write_json
from synthgym.base.json_reading import read_object
from synthgym.base.seeds import derive_seed
from synthgym.train.conversations import Sample, encode
from synthgym.train.sft.sources import Example
from synthgym.train.sft.windows import windows

if TYPE_CHECKING:
    from datasets import Dataset
    from transformers import PreTrainedTokenizerBase

_ROWS, _TOLD = 256, 1024
_LEAST, _MOST = 0.1, 1.0
"""Improvements that weigh least and most."""


@dataclass(frozen=True)
class Counts:
    """What became of the conversations.

    Attributes:
        conversations: As read.
        samples: Made of them.
        too_long: Conversations left out because they did not fit, or of which no reply did.
        windowed: Conversations that are trained on in parts.
        silent: Left out because nothing in them is learned.
        tokens: Of the samples.
        learned: Tokens that are learned.
        longest: Tokens of the longest conversation, kept or not.
    """

    conversations: int = 0
    samples: int = 0
    too_long: int = 0
    windowed: int = 0
    silent: int = 0
    tokens: int = 0
    learned: int = 0
    longest: int = 0


class SampleSet:
    """The samples in `folder`; made by `write_samples`.

    Attributes:
        counts: See `Counts`.
        lengths: Tokens of each sample, in the samples' order.
        digest: Of all of them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        about = read_object(folder / "samples.json")
        self.counts, self.digest = Counts(**about["counts"]), str(about["digest"])
        with np.load(folder / "samples.npz") as arrays:
            self._rows: NDArray[np.int64] = arrays["rows"]
            self.lengths: NDArray[np.int64] = arrays["lengths"]
            self._challenges: NDArray[np.str_] = arrays["challenges"]
            self._origins: NDArray[np.str_] = arrays["origins"]
            self._improvements: NDArray[np.float64] = arrays["improvements"]

    def __len__(self) -> int:
        return len(self.lengths)

    def dataset(self) -> Dataset:
        """As TRL takes it: tokenised already, labels included; read from disk."""
        from datasets import Dataset

        return Dataset.from_file(str(self.folder / "samples.arrow")).select(self._rows)

    def held_out(self, share: float, seed: int) -> list[int]:
        """Samples of the share of challenges that are not trained on; at least of one, unless the share is 0."""
        if not share or len(self) < 2:
            return []
        names = [name or f"sample {row}" for row, name in zip(self._rows.tolist(), self._origins, strict=True)]
        drawn = {name: derive_seed("held-out", seed, str(name)) / 2**32 for name in names}
        chosen = {name for name, at in drawn.items() if at < share} or {min(drawn, key=drawn.__getitem__)}
        if len(chosen) == len(drawn):  # something is to be trained on
            chosen = set(sorted(chosen, key=drawn.__getitem__)[:-1])
        return [at for at, name in enumerate(names) if name in chosen]

    def weights(self, *, by_improvement: bool, balance: bool) -> NDArray[np.float64] | None:
        """How often each sample is trained on, 1 on average; None where all are alike."""
        if not by_improvement and not balance:
            return None
        weights = np.ones(len(self))
        if by_improvement:
            weights *= np.nan_to_num(self._improvements, nan=_MOST).clip(_LEAST, _MOST)
        if balance:
            _, which = np.unique(self._challenges, return_inverse=True)
            weights /= np.bincount(which, weights=weights)[which]
        found: NDArray[np.float64] = weights / weights.mean()
        return found


def write_samples(
    examples: Iterable[Example],
    tokenizer: PreTrainedTokenizerBase,
    folder: Path,
    *,
    max_length: int,
    too_long: str = "drop",
    sort: bool = True,
    told: Callable[[int], None] = lambda done: None,
    left_out: Callable[[], str] = lambda: "",
) -> SampleSet:
    """Tokenises examples into `folder`.

    Args:
        examples: Read once.
        tokenizer: With the template that they are shown in.
        folder: Made, or written over.
        max_length: In tokens.
        too_long: ``drop`` or ``window``; see `SFTSettings`.
        sort: By digest; otherwise they stay in the order they come in.
        told: Called with the number of conversations that are done, now and then.
        left_out: Says, at the end, which episodes a filter has left out, and why.

    Raises:
        UserError: None fits, or the template refuses one.
        OutputFolderError: The disk is full.
    """
    with reported(folder):
        folder.mkdir(parents=True, exist_ok=True)
        writer = _Writer(folder)
        try:
            for example in examples:
                _add(writer, example, tokenizer, max_length, too_long)
                if writer.counts.conversations % _TOLD == 0:
                    told(writer.counts.conversations)
            writer.flush()
        finally:
            writer.close()
    counts = writer.counts
    if not counts.samples:
        raise UserError(f"no conversation to train on: {_why_none(counts, max_length, left_out())}")
    writer.finish(sort)
    return SampleSet(folder)


def _why_none(counts: Counts, max_length: int, filtered: str) -> str:
    why = [f"the filter leaves out {filtered}"] if filtered else []
    if counts.too_long:
        longest = f"the longest has {counts.longest} tokens"
        why.append(f"{counts.too_long} are longer than max_length {max_length} ({longest})")
    if counts.silent:
        why.append(f"{counts.silent} hold no reply that is learned")
    return ", ".join(why) or "the sources hold none"


def _add(writer: _Writer, example: Example, tokenizer: PreTrainedTokenizerBase, max_length: int, too_long: str) -> None:
    try:
        sample = example.sample or encode(tokenizer, example.messages)
    except Exception as error:  # a template is somebody's program, and a conversation may be anything
        what = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
        begins = str(example.messages[0]["content"])[:60] if example.messages else ""
        raise UserError(f"a conversation cannot be shown to the model: {what}; it begins with {begins!r}") from error
    length = len(sample.input_ids)
    kept = [sample] if length <= max_length else []
    if length > max_length and too_long == "window" and not example.sample:
        kept = list(windows(tokenizer, example.messages, max_length))
    silent = not sample.learned
    writer.counts = replace(
        writer.counts,
        conversations=writer.counts.conversations + 1,
        longest=max(writer.counts.longest, length),
        silent=writer.counts.silent + (silent and bool(kept)),
        too_long=writer.counts.too_long + (not kept),
        windowed=writer.counts.windowed + (length > max_length and bool(kept)),
    )
    for each in kept:
        if each.learned:
            writer.add(each, example)


class _Writer:
    def __init__(self, folder: Path) -> None:
        import pyarrow as pa

        self.folder, self.counts = folder, Counts()
        ids = pa.list_(pa.int32())
        self._schema = pa.schema([("input_ids", ids), ("labels", ids)])
        self._stream = pa.ipc.new_stream(str(folder / "samples.arrow"), self._schema)
        self._samples: list[Sample] = []
        self._about: list[tuple[bytes, int, str, float, str]] = []

    def add(self, sample: Sample, example: Example) -> None:
        digest = hashlib.sha256(np.array([sample.input_ids, sample.labels], dtype=np.int32).tobytes())
        improvement = np.nan if example.improvement is None else example.improvement
        origin = example.origin or example.challenge
        self._about.append((digest.digest(), len(sample.input_ids), example.challenge, improvement, origin))
        self._samples.append(sample)
        counts = self.counts
        self.counts = replace(
            counts,
            samples=counts.samples + 1,
            tokens=counts.tokens + len(sample.input_ids),
            learned=counts.learned + sample.learned,
        )
        if len(self._samples) >= _ROWS:
            self.flush()

    def flush(self) -> None:
        import pyarrow as pa

        columns: list[Any] = [[each.input_ids for each in self._samples], [each.labels for each in self._samples]]
        if self._samples:
            self._stream.write_batch(pa.record_batch(columns, schema=self._schema))
        self._samples = []

    def close(self) -> None:
        self._stream.close()

    def finish(self, sort: bool) -> None:
        about = self._about
        rows = sorted(range(len(about)), key=lambda row: about[row][0]) if sort else list(range(len(about)))
        digest = hashlib.sha256(b"".join(about[row][0] for row in rows)).hexdigest()
        with whole_file(self.folder / "samples.npz") as file:
            np.savez(
                file,
                rows=np.array(rows, dtype=np.int64),
                lengths=np.array([about[row][1] for row in rows], dtype=np.int64),
                challenges=np.array([about[row][2] for row in rows]),
                improvements=np.array([about[row][3] for row in rows], dtype=np.float64),
                origins=np.array([about[row][4] for row in rows]),
            )
        write_json(self.folder / "samples.json", {"counts": asdict(self.counts), "digest": digest})
