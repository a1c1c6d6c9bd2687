"""What a model says aloud: its reply without the thoughts, however its make marks them.

A server that knows its model's marks keeps thoughts apart (`reasoning_content`); one that does not sends them in the
text. Whoever reads a reply, an agent for a command or an author for a program, reads what is left here.
"""

from __future__ import annotations

import re

_NAMES = (
    r"(?:seed:|ant)?think(?:ing)?(?:_process)?|thoughts?|thought_process|reasoning(?:_process)?|reflection|scratchpad"
    r"|inner_?monologue"
)
_BOLD = r"(?:\*\*)?"

_MARKS = (
    # DeepSeek, Qwen, EXAONE, Seed-OSS, Claude and others
    (rf"{_BOLD}<(?P<name>{_NAMES})(?:\s[^<>\n]*)?>{_BOLD}", rf"{_BOLD}</(?:{_NAMES})\s*>{_BOLD}"),
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
    (re.compile(rf"^[ \t]*{opening}", re.I | re.MULTILINE), re.compile(closing, re.I))
    for opening, closing in (
        ("<answer>", "</answer>"),
        ("<response>", "</response>"),
        (r"<\|begin_of_box\|>", r"<\|end_of_box\|>"),  # GLM
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

_CHANNEL = re.compile(r"<\|channel\|>(?P<channel>\w+)[^<]*<\|message\|>")
_END_OF_CHANNEL = re.compile(r"<\|(?:end|return|call|start|channel)\|>")
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
    lone = _outside(_LONE_CLOSING, visible)
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
    own = re.compile(rf"{_BOLD}</{re.escape(name)}\s*>{_BOLD}", re.I) if name else closing
    match = own.search(text, opening.end()) or closing.search(text, opening.end())
    return match.end() if match else None


def _outside(mark: re.Pattern[str], text: str, start: int = 0) -> re.Match[str] | None:
    """The first mark outside of fenced blocks, or right behind the end of one.

    A block in which another one opens, or that does not end, was never closed: what it is part of ended first.
    """
    fence, held = "", None
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        line = _FENCE.match(text, start, end)
        if fence and line and line["fence"].startswith(fence):
            if not line["rest"].strip() or mark.match(text, line.start("rest"), end):
                fence, held = "", None
            elif held:
                return held
        elif not fence and line:
            fence = line["fence"]
        found = mark.search(text, start, end)
        if found and not fence:
            return found
        held = held or found
        start = end
    return held if fence else None


def _final_channel(text: str) -> tuple[str, bool]:
    """What is said in the final channel of gpt-oss, and whether nothing is."""
    said: list[str] = []
    head = _CHANNEL.search(text)
    while head:
        final = head["channel"] == "final"
        end = _outside(_END_OF_CHANNEL, text, head.end()) if final else _END_OF_CHANNEL.search(text, head.end())
        if final:
            said.append(text[head.end() : end.start() if end else len(text)].strip())
        head = _CHANNEL.search(text, end.start()) if end else None
    visible = "\n".join(said).strip()
    return visible, not visible


def _unwrapped(text: str) -> str:
    """The text without the marks around the part that is meant to be read; what stands beside it stays."""
    for opening, closing in _WRAPPED:
        opened = _outside(opening, text)
        if opened:
            closed = _outside(closing, text, opened.end())
            parts = [text[: opened.start()], text[opened.end() : closed.start() if closed else len(text)]]
            parts += [text[closed.end() :]] if closed else []
            return "\n".join(part.strip() for part in parts if part.strip())
    return text
