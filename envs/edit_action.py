"""The `edit` that SWE-agent taught agents, as a shell takes it: with its new text as a here-document."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MARK = "end_of_edit"
_COMMAND = r"(?:edit[ \t]+\d+(?::\d+)?|insert[ \t]+\d+)[ \t]*"
_EDIT = re.compile(rf"[ \t]*{_COMMAND}")
_END = re.compile(rf"{_MARK}[ \t]*")
_HEREDOC = re.compile(r"""<<(-?)[ \t]*((?:'[^']*'|"[^"]*"|\\.|[^\s'"\\;&|<>()`])+)""")
_TOKEN = re.compile(r"""\\.|\\$|\$?'|"|\$?\(\(|\)\)|\$[({\[]|[()}\]`]|<<<|<<|[;&|]|(?:^|(?<=[\s;&|()]))\#""")
_CLOSED_BY = {
    "$((": "))",
    "((": "))",
    "$(": ")",
    "(": ")",
    "${": "}",
    "$[": "]",
    "number (": ")",
    "`": "`",
    '"': '"',
    "'": "'",
    "$'": "'",
}
_RUNS_COMMANDS = ("$(", "(", "`")
_NUMBERS = ("$((", "((", "$[", "number (")
_EXPANDED = ("$((", "$(", "${", "$[", "`")  # in double quotes too


@dataclass
class _Reader:
    """Follows a shell through an action, as far as it takes to tell commands from text.

    Attributes:
        inside: What is open, from the outermost: a quote, a parenthesis, an expansion.
        texts: The here-documents whose text begins after this line: the end mark, and whether tabs may stand before it.
        continued: The line goes on with the next one.
    """

    inside: list[str] = field(default_factory=list)
    texts: list[tuple[str, bool]] = field(default_factory=list)
    continued: bool = False

    @property
    def at_command(self) -> bool:
        """Whether the next line begins with a command, and is part of nothing else."""
        return not self.inside and not self.continued

    @property
    def at_texts(self) -> bool:
        """Whether the here-documents' text begins with the next line."""
        return self._in_commands and not self.continued

    @property
    def _in_commands(self) -> bool:
        return not self.inside or self.inside[-1] in _RUNS_COMMANDS

    def read(self, line: str) -> list[re.Match[str]]:
        """Goes on by a line; returns the here-documents that it announces for an `edit`."""
        found, place, begun, self.continued = [], 0, 0, False
        whole = -1  # where an `edit` that began the command would be whole: looked for once a command, when first asked
        while token := _TOKEN.search(line, place):
            word, place = token[0], token.end()
            if word == "#" and self._in_commands:
                break
            if word in (";", "&", "|") and self._in_commands:
                begun, whole = place, -1
            elif word == "<<" and self._in_commands:
                if announced := _HEREDOC.match(line, token.start()):
                    self.texts.append((re.sub(r"['\"\\]", "", announced[2]), bool(announced[1])))
                    place = announced.end()
                    if announced.group(1, 2) == ("", _MARK):
                        if whole < 0:
                            edit = _EDIT.match(line, begun)
                            whole = edit.end() if edit else begun
                        if begun < whole == token.start():
                            found.append(announced)
            else:
                place -= self._take(word)
        return found

    def _take(self, word: str) -> int:
        """Opens or closes by a token; returns how many of its characters are still to be read."""
        last = self.inside[-1] if self.inside else ""
        if last == "'" and word not in ("'", "$'"):
            return len(word) - 1
        if last == "'":
            self.inside.pop()
            return 0
        if word == "\\":
            self.continued = True
        elif last and word.startswith(_CLOSED_BY[last]):
            self.inside.pop()
            return len(word) - len(_CLOSED_BY[last])
        elif word[0] == "\\" or last == "$'":
            pass
        elif last == '"' and word not in _EXPANDED:
            return len(word) - 1
        elif word in _CLOSED_BY:
            self.inside.append("number (" if word == "(" and last in _NUMBERS else word)
        return 0


def edit_action(action: str) -> str:
    """An action in which the text of each `edit` is taken as it is, up to its end mark.

    Where the line does not say `<<end_of_edit`, as in the form that SWE-agent gave the command, this adds it: a shell
    would run the text. Other text, in quotes and in here-documents, is left alone.
    """
    if _MARK not in action:
        return action
    lines, done = action.split("\n"), 0
    ends = [number for number, line in enumerate(lines) if _END.fullmatch(line)][::-1]  # the next one last
    reader = _Reader()
    while done < len(lines):
        line = lines[done]
        while ends and ends[-1] <= done:
            ends.pop()
        if reader.at_command and ends and _EDIT.fullmatch(line):
            end = ends[-1]
            kept = line.rstrip(" \t")
            lines[done], lines[end] = f"{kept} <<'{_MARK}'{line[len(kept) :]}", _MARK
            done = end + 1
            continue
        pieces, copied = [], 0
        for text in reader.read(line):
            pieces += [line[copied : text.start()], f"<<'{_MARK}'"]
            copied = text.end()
        lines[done] = "".join((*pieces, line[copied:]))
        done += 1
        if reader.at_texts:
            for mark, tabs in reader.texts:
                while done < len(lines) and (lines[done].lstrip("\t") if tabs else lines[done]) != mark:
                    done += 1
                done += 1
            reader.texts.clear()
    return "\n".join(lines)
