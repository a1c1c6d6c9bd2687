"""What a model says aloud: its reply without the thoughts, however its make marks them.

A server that knows its model's marks keeps thoughts apart (`reasoning_content`); one that does not sends them in the
text. Whoever reads a reply, an agent for a command or an author for a program, reads what is left here.
"""

from __future__ import annotations

import re

_NAMES = r"think|thinking|thoughts?|reasoning|reflection|scratchpad|inner_?monologue|seed:think"

_MARKS = (
    (rf"<(?P<name>{_NAMES})(?:\s[^<>\n]*)?>", rf"</(?:{_NAMES})\s*>"),  # DeepSeek, Qwen, EXAONE, Seed-OSS and others
    (r"\[THINK\]", r"\[/THINK\]"),  # Mistral
    (r"◁think▷", r"◁/think▷"),  # Kimi
    (r"<\|begin_of_thought\|>", r"<\|end_of_thought\|>"),  # OpenThinker, Sky-T1
    (r"<\|START_THINKING\|>", r"<\|END_THINKING\|>"),  # Cohere
    (r"<\|channel>thought\b", r"<channel\|>"),  # Gemma
    (r"<unused94>thought\b", r"<unused95>"),  # MedGemma
)
"""Where thoughts open and where they close, by make."""

_OPENING = [(re.compile(opening, re.I), re.compile(closing, re.I)) for opening, closing in _MARKS]
_ANY_OPENING = re.compile("|".join(opening for opening, _ in _MARKS), re.I)
_ANY_CLOSING = "|".join(closing for _, closing in _MARKS)
_LONE_CLOSING = re.compile(rf"^[ \t]*(?:{_ANY_CLOSING})|(?:{_ANY_CLOSING})[ \t]*$", re.I | re.MULTILINE)
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})(?P<rest>[^\n]*)")

_WRAPPED = [
    re.compile(rf"{opening}\s*(.*?)\s*(?:{closing})?", re.I | re.DOTALL)
    for opening, closing in (
        ("<answer>", "</answer>"),
        ("<response>", "</response>"),
        (r"<\|begin_of_solution\|>", r"<\|end_of_solution\|>"),
        (r"<\|START_(?:RESPONSE|TEXT)\|>", r"<\|END_(?:RESPONSE|TEXT)\|>"),
        (r"\[BEGIN FINAL RESPONSE\]", r"\[END FINAL RESPONSE\]"),
    )
]
"""What some makes put around the part that is meant to be read."""

_END_MARKS = (
    "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<|return|>", "<|call|>", "<|endoftext|>", "<|end_of_text|>",
    "</s>", "<end_of_turn>", "<｜end▁of▁sentence｜>", "<|END_OF_TURN_TOKEN|>",
)  # fmt: skip
"""What a server leaves at the end that does not know its model's last token."""

_CHANNEL = re.compile(
    r"(?:<\|start\|>\w*)?<\|channel\|>(?P<channel>\w+)[^<]*<\|message\|>"
    r"(?P<text>.*?)(?=<\|end\|>|<\|return\|>|<\|call\|>|<\|start\|>|<\|channel\|>|$)",
    re.DOTALL,
)
_BARE = ("analysis", "assistantfinal")
"""gpt-oss where the server left out the marks around its channels' names."""


def strip_thoughts(text: str) -> tuple[str, bool]:
    """The reply without its thoughts, and whether it ended while still thinking: nothing was said aloud then.

    Thoughts are what stands between the marks of any make, at the start of the reply or of a line outside of fenced
    blocks; what stands before a lone closing mark (some servers leave the opening out); and all channels of gpt-oss
    but the final one. Marks inside a line or a fenced block are text like any other.
    """
    if text.lstrip().startswith(("<|channel|>", "<|start|>")):
        return _final_channel(text)
    if text.startswith(_BARE[0]) and not text[len(_BARE[0]) :][:1].isspace():
        text = text.partition(_BARE[1])[2] or text
    text = text.strip()
    while text.endswith(_END_MARKS):
        text = next(text.removesuffix(mark) for mark in _END_MARKS if text.endswith(mark)).rstrip()
    visible, open_ended = _without_blocks(text)
    lone = _LONE_CLOSING.search(visible)
    if lone and not _ANY_OPENING.search(visible, 0, lone.start()):
        visible, open_ended = _without_blocks(visible[lone.end() :].lstrip())
    visible = _unwrapped(visible)
    return (visible, False) if visible.strip() else ("", open_ended)


def _without_blocks(text: str) -> tuple[str, bool]:
    """The text without blocks of thoughts, and whether the last of them was never closed."""
    kept: list[str] = []
    fence, start, blank = "", 0, True
    while start < len(text):
        if not fence:
            found = next(
                ((match, closing) for opening, closing in _OPENING if (match := opening.match(text, start))), None
            )
            if found:
                closed = _closing(found[0], found[1], text)
                if closed is None:
                    return "".join(kept), True
                start = closed
                if blank:  # nothing was said so far: what is said begins with its first word
                    kept.clear()
                    while start < len(text) and text[start].isspace():
                        start += 1
                continue
        end = text.find("\n", start) + 1 or len(text)
        match = _FENCE.match(text, start, end)
        if match:
            if not fence:
                fence = match["fence"]
            elif match["fence"].startswith(fence) and not match["rest"].strip():
                fence = ""
        kept.append(text[start:end])
        blank = blank and kept[-1].isspace()
        start = end
    return "".join(kept), False


def _closing(opening: re.Match[str], closing: re.Pattern[str], text: str) -> int | None:
    """Where a block of thoughts ends: at its own closing mark, else at that of another name."""
    name = opening.groupdict().get("name")
    own = re.compile(rf"</{re.escape(name)}\s*>", re.I) if name else closing
    match = own.search(text, opening.end()) or closing.search(text, opening.end())
    return match.end() if match else None


def _final_channel(text: str) -> tuple[str, bool]:
    """What is said in the final channel of gpt-oss, and whether nothing is."""
    said = [match["text"].strip() for match in _CHANNEL.finditer(text) if match["channel"] == "final"]
    visible = "\n".join(said).strip()
    return visible, not visible


def _unwrapped(text: str) -> str:
    for form in _WRAPPED:
        match = form.fullmatch(text.strip())
        if match:
            return match[1]
    return text
