"""A model's chat template, made fit for agents' conversations: what it shows in training is what it shows in serving.

Agents' conversations have a system message, and a student must learn to end its replies. Some templates take no system
message (Gemma's), or leave it out; some show an earlier reply otherwise than when it was given; some let a reply end
with nothing a model could stop at. What is missing is put in front of the template, in its own language, so that it is
saved with the student and served.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import jinja2

from synthgym.base.errors import UserError
from synthgym.train.models.folder import NO_TEMPLATE

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Message = dict[str, Any]
Span = tuple[int, int]

_SYSTEM_FIRST = (
    "{%- if messages|length > 1 and messages[0]['role'] == 'system' and messages[1]['role'] == 'user' -%}"
    "{%- set messages = [{'role': 'user', 'content': messages[0]['content'] + '\\n\\n' + messages[1]['content']}]"
    " + messages[2:] -%}"
    "{%- endif -%}"
)
"""The system message becomes the beginning of the first message of the user."""

_ENDED = (
    "{%- set ended = namespace(messages=[]) -%}"
    "{%- for message in messages -%}"
    "{%- set content = message['content'] + (eos_token if message['role'] == 'assistant' else '') -%}"
    "{%- set ended.messages = ended.messages + [{'role': message['role'], 'content': content}] -%}"
    "{%- endfor -%}"
    "{%- set messages = ended.messages -%}"
)
"""Every reply ends with the tokenizer's own end of a text."""

_PROBE: list[Message] = [
    {"role": "system", "content": "Rules ahead."},
    {"role": "user", "content": "First question"},
    {"role": "assistant", "content": "First reply."},
    {"role": "user", "content": "Second question"},
    {"role": "assistant", "content": "Second reply."},
]


def prepare(tokenizer: PreTrainedTokenizerBase, model: Any) -> None:
    """Makes the tokenizer pad, its template take agents' conversations, and the model stop where a reply ends.

    Args:
        tokenizer: Changed in place: its template, its padding.
        model: Its generation settings get the token that ends a reply.

    Raises:
        UserError: The template is missing, or cannot be made fit.
    """
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    template = tokenizer.chat_template
    if isinstance(template, dict):
        template = template.get("default")
    if not template:
        raise UserError(f"this model cannot be trained on conversations: {NO_TEMPLATE}")
    tokenizer.chat_template = template
    tokenizer.chat_template = _marked(tokenizer)
    tokenizer.chat_template = _fit(tokenizer)
    _let_stop(model, _ends(tokenizer))


def _marked(tokenizer: PreTrainedTokenizerBase) -> str:
    """The variant of a known model's template that TRL keeps for training: marked, and whole where thoughts are cut."""
    from trl import get_training_chat_template

    template: str = tokenizer.chat_template
    if marks_generation(template):
        return template
    try:
        return get_training_chat_template(tokenizer) or template
    except Exception:  # not known to TRL, or no template for TRL's own probe
        return template


def _fit(tokenizer: PreTrainedTokenizerBase) -> str:
    """The template as it is if it will do, else with as little before it as makes it do."""
    template: str = tokenizer.chat_template
    problem = "it leaves out a message, or ends no reply"
    for before in ("", _SYSTEM_FIRST, _ENDED, _SYSTEM_FIRST + _ENDED):
        if before.endswith(_ENDED) and not tokenizer.eos_token:
            problem = "it ends no reply, and the tokenizer has no eos_token that could"
            break
        tokenizer.chat_template = before + template
        try:
            shown, ends = _render(tokenizer, _PROBE), _ends(tokenizer)
        except UserError as error:
            problem = str(error)
            continue
        if all(message["content"] in shown for message in _PROBE) and None not in ends:
            return before + template
    raise UserError(f"this model's chat template cannot be made fit for agents' conversations: {problem}")


def _ends(tokenizer: PreTrainedTokenizerBase) -> set[int | None]:
    """The special tokens that end the replies of a conversation; None for a reply that none ends."""
    tokens, spans = to_tokens(tokenizer, _PROBE)
    special = set(tokenizer.all_special_ids)
    special |= {token for token, added in tokenizer.added_tokens_decoder.items() if added.special}
    ends: set[int | None] = set() if spans else {None}
    for start, end in spans:
        reply = [token for token in tokens[start:end] if token in special or tokenizer.decode([token]).strip()]
        ends.add(reply[-1] if reply and reply[-1] in special else None)
    return ends


def _let_stop(model: Any, ends: set[int | None]) -> None:
    """Adds what ends replies to what ends generation: Gemma's replies end with another token than its texts."""
    known = model.generation_config.eos_token_id
    stops = known if isinstance(known, list) else [] if known is None else [known]
    missing = sorted(end for end in ends if end is not None and end not in stops)
    if missing:
        model.generation_config.eos_token_id = [*stops, *missing] if stops else missing[0]


def marks_generation(template: object) -> bool:
    """Whether a chat template marks what is generated."""
    return isinstance(template, str) and re.search(r"\{%-?\s*generation\s*-?%\}", template) is not None


def to_tokens(tokenizer: PreTrainedTokenizerBase, messages: Sequence[Message]) -> tuple[list[int], list[Span]]:
    """A conversation as the model is shown it, and which of its tokens are replies, the end of each included.

    What a template marks as generated is the reply. Where it marks nothing, a reply is what comes on top of the prompt
    that is answered.

    Returns:
        The tokens, and for each reply its first token and the one behind its last.

    Raises:
        UserError: The template refuses the conversation, or shows an earlier reply otherwise than when it was given.
    """
    plain = [{"role": message["role"], "content": message["content"]} for message in messages]
    if not marks_generation(tokenizer.chat_template):
        return _by_prompts(tokenizer, plain)
    try:
        shown = tokenizer.apply_chat_template(plain, tokenize=True, return_dict=True, return_assistant_tokens_mask=True)
    except Exception as error:  # a template is a program
        raise _refused(error) from error
    mask = [0, *shown["assistant_masks"], 0]
    edges = [at for at, (before, after) in enumerate(itertools.pairwise(mask)) if before != after]
    return list(shown["input_ids"]), list(zip(edges[::2], edges[1::2], strict=True))


def _by_prompts(tokenizer: PreTrainedTokenizerBase, messages: list[Message]) -> tuple[list[int], list[Span]]:
    text = _render(tokenizer, messages)
    shown = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    starts = [start for start, _ in shown["offset_mapping"]]
    spans = []
    for position, message in enumerate(messages):
        if message["role"] == "assistant":
            asked = _render(tokenizer, messages[:position], add_generation_prompt=True)
            answered = _render(tokenizer, messages[: position + 1])
            if not (answered.startswith(asked) and text.startswith(answered)):
                raise UserError("the chat template shows an earlier reply otherwise than when it was given")
            start, end = bisect.bisect_left(starts, len(asked)), bisect.bisect_left(starts, len(answered))
            spans.append((start, _end_of_reply(tokenizer, shown["input_ids"], start, end)))
    return shown["input_ids"], spans


def _end_of_reply(tokenizer: PreTrainedTokenizerBase, tokens: list[int], start: int, end: int) -> int:
    """Where a reply ends: at the special token that ends it, where the template puts a line break behind that."""
    special = set(tokenizer.all_special_ids)
    last = end
    while last > start and tokens[last - 1] not in special and not tokenizer.decode([tokens[last - 1]]).strip():
        last -= 1
    return last if last > start and tokens[last - 1] in special else end


def _render(tokenizer: PreTrainedTokenizerBase, messages: list[Message], *, add_generation_prompt: bool = False) -> str:
    try:
        text: str = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=add_generation_prompt)
    except Exception as error:  # a template is a program
        raise _refused(error) from error
    return text


def _refused(error: Exception) -> UserError:
    what = str(error) if isinstance(error, jinja2.TemplateError) else f"{type(error).__name__}: {error}"
    return UserError(f"the chat template refuses a conversation: {what}")


def rendered_prompt(tokenizer: PreTrainedTokenizerBase, messages: list[Message]) -> str:
    """A conversation as the model is asked for its next reply: the text of the prompt.

    Raises:
        UserError: The template refuses the conversation.
    """
    plain = [{"role": message["role"], "content": message["content"]} for message in messages]
    return _render(tokenizer, plain, add_generation_prompt=True)
