"""What a model says aloud: its reply without the thoughts, however its make marks them.

A server that knows its model's marks keeps thoughts apart (`reasoning_content`); one that does not sends them in the
text. Whoever reads a reply, an agent for a command or an author for a program, reads what is left here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict

from synthgym.agents.chat.fences import Block, split

_NAMES = (
    r"(?:\w+[:_]|ant)?think(?:ing)?(?:_process)?|thoughts?|thought_process|reason(?:ing)?(?:_process)?|reflection"
    r"|analysis|scratchpad|inner_?monologue|ponder(?:ing)?"
)
_WORDS = frozenset({"analysis", "reason", "thought", "thoughts", "reflection"})
"""Names of marks that elements of a file may have too: what is never closed is thoughts where the line has no more."""
_BOLD = r"(?:\*\*)?"

_MARKS = (
    # DeepSeek, Qwen, EXAONE, Seed-OSS, LongCat, Claude and others
    (rf"{_BOLD}<(?P<name>{_NAMES})(?:\s[^<>\n]*)?>{_BOLD}", rf"{_BOLD}</(?:{_NAMES})\s*>{_BOLD}"),
    (r"\[THINK\]", r"\[/THINK\]"),  # Mistral
    (r"◁think▷", r"◁/think▷"),  # Kimi
    (r"<\|begin_of_thought\|>", r"<\|end_of_thought\|>"),  # OpenThinker, Sky-T1
    (r"<\|START_THINKING\|>", r"<\|END_THINKING\|>"),  # Cohere
    (r"<\|think_start\|>", r"<\|think_end\|>"),
    (r"<｜begin▁of▁thinking｜>", r"<｜end▁of▁thinking｜>"),
    (r"<\|channel>thought\b", r"<channel\|>"),  # Gemma
    (r"<unused94>thought\b", r"<unused95>"),  # MedGemma
)
"""Where thoughts open and where they close, by make."""

_PAIRS = (
    # Open WebUI and its like
    (
        r"<details(?:\s(?=[^<>\n]*type=[\"']reasoning[\"'])[^<>\n]*>|[^<>\n]*>\s*<summary>\s*(?:thought|thinking|reasoning)\b)",
        r"</details\s*>",
    ),
    (r"<\|think\|>", r"<\|end\|>(?:<\|begin\|>assistant)?(?:<\|content\|>)?"),  # Solar
)
"""The same, of makes whose closing mark says nothing where it stands alone."""


def _as_mark(closing: str) -> re.Pattern[str]:
    """A closing mark where it is one: at the start or the end of a line, or right behind a sentence or a block."""
    behind = rf"(?<=[.!?:;)。！？])(?:{closing})|(?<=```)(?:{closing})|(?<=\w)(?:{closing})(?=\w)"
    return re.compile(rf"^[ \t]*(?:{closing})|(?:{closing})[ \t]*$|{behind}", re.I | re.MULTILINE)


_OPENING = [
    (re.compile(opening, re.I), re.compile(closing, re.I), _as_mark(closing)) for opening, closing in _MARKS + _PAIRS
]
_ANY_OPENING = re.compile("|".join(opening for opening, _ in _MARKS), re.I)
_LONE_CLOSING = _as_mark("|".join([*(closing for _, closing in _MARKS), r"(?=\[BEGIN FINAL RESPONSE\])"]))
"""The last is Apriel's: what stands before the part that is meant to be read is thoughts."""
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

_START_MARKS = re.compile(
    r"\s*(?:<s>|<bos>|<\|begin_of_text\|>|<｜begin▁of▁sentence｜>|<\|im_start\|>assistant\b|<\|begin\|>assistant\b"
    r"|<\|start_header_id\|>assistant<\|end_header_id\|>)\s*"
)
"""The same at the start."""

_CHANNEL = re.compile(r"<\|channel\|>(?P<channel>\w++)[^<]*+<\|message\|>")
_END_OF_CHANNEL = re.compile(r"<\|(?:end|return|call|start|channel)\|>")
_MOST_CHANNELS = 20
"""Final ones in a reply; each may be read to the end of the reply in search of its own end."""
_HALF_A_CHANNEL = re.compile(r"(?:analysis|commentary|final)<\|message\|>")

_PARTS = (
    # gpt-oss where the server left out the marks around its channels' names
    (re.compile(r"analysis(?=\S)"), re.compile(r"assistantfinal")),
    (re.compile(r"analysis(?=\s)"), re.compile(r"^assistantfinal", re.MULTILINE)),
    # Granite
    (
        re.compile(rf"{_BOLD}Here(?:['’]s| is) my thought process:", re.I),
        re.compile(rf"^[ \t]*{_BOLD}Here(?:['’]s| is) my response:{_BOLD}", re.I | re.MULTILINE),
    ),
)
"""Words that a reply begins with and that begin the part that is meant to be read: where both are there, what is
between them is thoughts."""
_STILL_ANALYSIS = re.compile(r"analysis[A-Z]+[a-z]*(?:['’][a-z]+)?(?=[\s,:;]|[.!?…]+(?:\s|$)|$)")
"""The first of them and a word, which no name such as ``analysisOfData.py`` is."""


def strip_thoughts(text: str) -> tuple[str, bool]:
    """The reply without its thoughts, and whether it ended while still thinking: nothing was said aloud then.

    Thoughts are what stands between the marks of any make, outside of fenced blocks: at the start of the reply or of a
    line, or inside one where the closing mark is on a later line; what stands before a lone closing mark (some servers
    leave the opening out); and all channels of gpt-oss but the final one. Marks that a sentence speaks of, or a fenced
    block holds, are text like any other; so is an opening one that is never closed behind the first words, and a
    closing one that ends the reply after its only block.
    """
    text = _START_MARKS.sub("", text, count=1) if _START_MARKS.match(text) else text
    if _HALF_A_CHANNEL.match(text):
        text = f"<|channel|>{text}"
    if text.lstrip().startswith(("<|channel|>", "<|start|>")):
        return _final_channel(text)
    for beginning, answer in _PARTS:
        if beginning.match(text) and (found := _outside(answer, text)):
            text = text[found.end() :]
            break
    else:
        if _STILL_ANALYSIS.match(text):
            return "", True
    text = text.strip()
    visible, open_ended = _without_blocks(_without_end_marks(text))
    lone = _outside(_LONE_CLOSING, visible)
    if lone and not _ANY_OPENING.search(visible, 0, lone.start()) and not _ends_all(visible, lone):
        visible, open_ended = _without_blocks(visible[lone.end() :].lstrip())
    visible = _unwrapped(visible)
    return (visible, False) if visible.strip() else ("", open_ended)


def _without_end_marks(text: str) -> str:
    """The text up to the first of the marks that it ends with."""
    end = len(text)
    while mark := next((mark for mark in _END_MARKS if text.endswith(mark, 0, end)), ""):
        end -= len(mark)
        while end and text[end - 1].isspace():
            end -= 1
    return text[:end]


def _ends_all(text: str, lone: re.Match[str]) -> bool:
    """Whether a closing mark is the end of a reply that has its one block before it."""
    if text[lone.end() :].strip():
        return False
    return [part.closed for part in split(text[: lone.start()]) if isinstance(part, Block)] == [True]


def _without_blocks(text: str) -> tuple[str, bool]:
    """The text without blocks of thoughts, and whether the last of them was never closed.

    A mark that is never closed hides what follows it where nothing was said before, or a block: else it is text.
    """
    kept: list[str] = []
    never: set[re.Pattern[str]] = set()
    unclosed: set[re.Pattern[str]] = set()
    closings = _Closings(text)
    fence, start, blank, commanded = "", 0, True, False
    while start < len(text):
        if not fence:
            found = next(
                ((match, closing) for opening, closing, _ in _OPENING if (match := opening.match(text, start))), None
            )
            if found:
                closed = None if found[1] in unclosed else closings.end(found[0], found[1])
                if closed is None and (commanded or (blank and _stands_alone(found[0], text))):
                    return "".join(kept), True
                if closed is None:
                    unclosed.add(found[1])
                else:
                    start = closed
                    if blank:  # nothing was said so far: what is said begins with its first word
                        kept.clear()
                        while start < len(text) and text[start].isspace():
                            start += 1
                    continue
        end = text.find("\n", start) + 1 or len(text)
        match = _FENCE.match(text, start, end)
        if not fence and not match and (inside := _inside_line(text, start, end, never)):
            kept.append(text[start : inside[0]])
            start, blank = inside[1], False
            continue
        if match:
            if not fence:
                fence = match["fence"]
            elif match["fence"].startswith(fence) and not match["rest"].strip():
                fence, commanded = "", True
        kept.append(text[start:end])
        blank = blank and kept[-1].isspace()
        start = end
    return "".join(kept), False


def _stands_alone(opening: re.Match[str], text: str) -> bool:
    """Whether a mark is one for its name, or for being all of its line."""
    if (opening.groupdict().get("name") or "").lower() not in _WORDS:
        return True
    return not text[opening.end() :].partition("\n")[0].strip()


def _inside_line(text: str, start: int, end: int, never: set[re.Pattern[str]]) -> tuple[int, int] | None:
    """Where thoughts that open inside this line begin and end; a mark that is only spoken of opens none.

    Args:
        text: The reply.
        start: Of the line.
        end: Of the line.
        never: Closing marks that do not come any more; added to.
    """
    for opening, _, as_mark in _OPENING:
        spoken_of = start  # up to here: by a closing mark in this line
        for match in opening.finditer(text, start, end):
            if (
                as_mark in never
                or match.end() <= spoken_of
                or text[match.start() - 1 : match.start()] in ("`", "'", '"', "(")
            ):
                continue
            closed = _outside(as_mark, text, match.end())
            if closed is None:
                never.add(as_mark)
            elif "\n" in text[match.end() : closed.start()]:
                return match.start(), closed.end()
            else:
                spoken_of = closed.start()
    return None


class _Closings:
    """The closing marks of a text; it is gone through once for those of each make, however many blocks ask."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: dict[re.Pattern[str], dict[str, list[tuple[int, int]]]] = {}

    def end(self, opening: re.Match[str], closing: re.Pattern[str]) -> int | None:
        """Where a block of thoughts ends: at its own closing mark, else at that of another name."""
        if closing not in self._found:
            self._found[closing] = self._all(closing)
        for name in ((opening.groupdict().get("name") or "").lower(), ""):
            places = self._found[closing].get(name, [])
            index = bisect_left(places, (opening.end(), 0))
            if index < len(places):
                return places[index][1]
        return None

    def _all(self, closing: re.Pattern[str]) -> dict[str, list[tuple[int, int]]]:
        """Where each begins, after what makes it bold, and where it ends: by name, and all of them by none."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for match in closing.finditer(self._text):
            mark = match[0].lstrip("*")
            place = (match.end() - len(mark), match.end())
            found[""].append(place)
            found[mark.rstrip("*").strip("</>").strip().lower()].append(place)
        return found


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
    while head and len(said) < _MOST_CHANNELS:
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
