"""The student's tokenizer: byte-level BPE over trajectories, and its chat template.

Two stages. First, merges inside words: letters, digits, spaces and marks never share a token, a space is a token of its
own, and each digit stands alone. So a name is cut in the same pieces wherever it stands (behind a space, a quote, a
slash), and copying it means copying tokens. Then, merges across words (as SuperBPE, arXiv 2503.13423), but only where
what comes next is nearly certain: " && validate; sed -n ", or "```bash\\nsed -i '". Phrases that every episode
repeats become one token, which halves the length of an episode. Only whole words of prose have a part in phrases:
"solution" must be cut in the same pieces wherever it stands, also behind a space, where "it so far" is one token.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from synthgym.train.augmentation import copied_names, settings_named
from synthgym.train.conversations import ROLES
from synthgym.train.extras import needs_train

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast

PAD, END = "<|pad|>", "<|im_end|>"
HEADS = tuple(f"<|im_start|>{role}\n" for role in ROLES)
"""Each the beginning of a turn, and one token. It is ChatML: `transformers serve` looks for that in Qwen3 models."""

CHAT_TEMPLATE = (
    "{%- for message in messages %}"
    "{{- '<|im_start|>' + message.role + '\\n' }}"
    "{%- if message.role == 'assistant' %}{% generation %}{{- message.content + '<|im_end|>' }}{% endgeneration %}"
    "{%- else %}{{- message.content + '<|im_end|>' }}{% endif %}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{% endif %}"
)
"""Keeps every content as it is; the same text in training and in serving. What is generated ends with `<|im_end|>`."""

FIRST_WORD = 2 + len(HEADS)
"""The first id that is no special token."""

_CLASSES = r"[A-Za-z]+|[0-9]|\n *| +|[^\sA-Za-z0-9]+|\s"
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_PIECE = re.compile(r"[a-z]{1,8}|[A-Z]{1,8}")
_LETTERS = re.compile(r"[A-Za-z]+")
_SAMPLE = 300
"""Conversations that phrases are looked for in."""
_BATCH = 32
"""Merges learned at once."""
_NOW_AND_THEN = 0.05
"""Share of a word's occurrences in names that replies copy, beyond which it has no part in phrases."""
_COMMON = 0.1
"""Share of conversations in which a phrase, and each of its words, must occur."""
_CERTAIN = 0.7
"""How certain one of two neighbours must make the other, if either has letters; marks alone need less."""
_CERTAIN_MARKS = 0.2

Message = dict[str, Any]


def train_tokenizer(
    conversations: Iterable[Sequence[Message]], *, words: int = 1000, phrases: int = 800
) -> PreTrainedTokenizerFast:
    """Trains a tokenizer on conversations.

    Args:
        conversations: Lists of messages, as exported.
        words: Size of the vocabulary after the first stage, the 256 bytes included.
        phrases: Merges across words, at most; fewer if no more are certain.
    """
    needs_train()
    from transformers import PreTrainedTokenizerFast

    read = [list(messages) for messages in conversations]
    contents = [[message["content"] for message in messages] for messages in read]
    tokenizer = _train_words([text for texts in contents for text in texts], words)
    sample = slice(None, None, max(1, len(contents) // _SAMPLE))
    tokenizer = _add_phrases(tokenizer, contents[sample], words_of_prose(read[sample]), phrases)
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        eos_token=END,
        additional_special_tokens=list(HEADS),
        clean_up_tokenization_spaces=False,
    )
    wrapped.chat_template = CHAT_TEMPLATE
    return wrapped


def _train_words(texts: list[str], size: int) -> Tokenizer:
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    split = pre_tokenizers.Split(Regex(_CLASSES), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, _bytes()])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[PAD, END, *HEADS],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def _bytes() -> Any:
    from tokenizers import pre_tokenizers

    return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)


def words_of_prose(conversations: Sequence[Sequence[Message]]) -> set[str]:
    """Words that many conversations have, and hardly ever in a name that a reply copies."""
    inside: Counter[str] = Counter()
    overall: Counter[str] = Counter()
    owners: Counter[str] = Counter()
    for messages in conversations:
        names = settings_named(messages).union(copied_names(messages))
        text = "\n".join(message["content"] for message in messages)
        words = _LETTERS.findall(text)
        overall.update(words)
        owners.update(set(words))
        inside.update(word for name in _IDENTIFIER.findall(text) if name in names for word in _LETTERS.findall(name))
    return {
        word
        for word, count in owners.items()
        if count >= _COMMON * len(conversations) and inside[word] <= _NOW_AND_THEN * overall[word]
    }


def pieces_of_names(tokenizer: PreTrainedTokenizerBase) -> list[str]:
    """What names are put together from: the tokens of small letters only, and of capitals only."""
    return sorted(token for token in tokenizer.get_vocab() if _PIECE.fullmatch(token))


def _add_phrases(tokenizer: Tokenizer, conversations: list[list[str]], words: set[str], limit: int) -> Tokenizer:
    """The tokenizer with merges across words. Merges of the first stage come first, and none of them crosses a word.

    A word that is none of `words` stays apart from what is around it.
    """
    import json

    from tokenizers import Regex, Tokenizer, pre_tokenizers

    others = rf"(?<![A-Za-z])(?!(?:{'|'.join(sorted(words)) or '0'})(?![A-Za-z]))[A-Za-z]+"
    split = pre_tokenizers.Split(Regex(others), "isolated")
    tokenizer = Tokenizer.from_str(tokenizer.to_str())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, _bytes()])
    state = json.loads(tokenizer.to_str())  # noqa: TID251 - of the library, however large
    vocabulary, merges = state["model"]["vocab"], state["model"]["merges"]
    names = [name for name, _ in sorted(vocabulary.items(), key=lambda item: item[1])]
    ids, owners = _flat(tokenizer, conversations)
    learned = 0
    while learned < limit:
        apart = np.array([any("0" <= c <= "9" for c in name) for name in names])
        pairs = _certain_pairs(ids, owners, names, apart, len(conversations))[: min(_BATCH, limit - learned)]
        if not pairs:
            break
        merged = []
        for first, second in pairs:
            name = names[first] + names[second]
            if name not in vocabulary:
                vocabulary[name] = len(names)
                names.append(name)
            merges.append([names[first], names[second]])
            merged.append(vocabulary[name])
        learned += len(pairs)
        ids, owners = _merge(ids, owners, pairs, merged, len(names))
    return Tokenizer.from_str(json.dumps(state))


def _flat(tokenizer: Tokenizer, conversations: list[list[str]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All texts one after the other, with -1 wherever no merge may cross, and for each token its conversation."""
    ids: list[int] = []
    owners: list[int] = []
    for owner, texts in enumerate(conversations):
        for encoded in tokenizer.encode_batch(texts):
            before = None
            for token, part in zip(encoded.ids, encoded.word_ids, strict=True):
                ids += [token] if part == before else [-1, token]
                owners += [owner] if part == before else [owner, owner]
                before = part
            ids.append(-1)
            owners.append(owner)
    return np.array(ids), np.array(owners)


def _certain_pairs(
    ids: NDArray[np.int64],
    owners: NDArray[np.int64],
    names: list[str],
    apart: NDArray[np.bool_],
    conversations: int,
) -> list[tuple[int, int]]:
    """Neighbours worth a merge, the most frequent first; no token is in two of them, so that merges do not overlap.

    Tokens that are to stay `apart` are in none.
    """
    letter = np.array([any(c.isascii() and c.isalpha() for c in name) for name in names])
    first, second, owner = ids[:-1], ids[1:], owners[:-1]
    usable = (first >= 0) & (second >= 0) & (first != second) & ~apart[first] & ~apart[second]
    code = first[usable] * len(names) + second[usable]
    found, counts = np.unique(code, return_counts=True)
    within = np.unique(np.unique(code * conversations + owner[usable]) // conversations, return_counts=True)[1]
    a, b = found // len(names), found % len(names)
    total = np.bincount(ids[ids >= 0], minlength=len(names))
    certain = counts / np.minimum(total[a], total[b])
    enough = np.where(letter[a] | letter[b], _CERTAIN, _CERTAIN_MARKS)
    good = np.flatnonzero((within >= _COMMON * conversations) & (certain >= enough))
    used: set[int] = set()
    pairs = []
    for index in good[np.argsort(-counts[good], kind="stable")]:
        pair = int(a[index]), int(b[index])
        if used.isdisjoint(pair):
            used.update(pair)
            pairs.append(pair)
    return pairs


def _merge(
    ids: NDArray[np.int64],
    owners: NDArray[np.int64],
    pairs: list[tuple[int, int]],
    merged: list[int],
    size: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    follower, name = np.full(size + 1, -2), np.zeros(size + 1, dtype=np.int64)  # the last entry is for -1
    for (first, second), new in zip(pairs, merged, strict=True):
        follower[first], name[first] = second, new
    hit = np.flatnonzero(follower[ids[:-1]] == ids[1:])
    ids = ids.copy()
    ids[hit] = name[ids[hit]]
    keep = np.ones(len(ids), dtype=bool)
    keep[hit + 1] = False
    return ids[keep], owners[keep]
