"""The `edit` that SWE-agent and MLGym taught agents, as a shell takes it: with its new text as a here-document."""

from __future__ import annotations

import re

_MARK = "end_of_edit"
_HEREDOC = re.compile(rf"<<\s*{_MARK}\b")
_BARE = re.compile(r"^[ \t]*(?:edit[ \t]+\d+(?::\d+)?|insert[ \t]+\d+)(?=[ \t]*$)", re.MULTILINE)
_END = re.compile(rf"^{_MARK}[ \t]*$", re.MULTILINE)


def edit_action(action: str) -> str:
    """An action in which the text of each `edit` is taken as it is, up to its end mark.

    Where the line does not say `<<end_of_edit`, as in the form that SWE-agent gave the command, this adds it: a shell
    would run the text. What stands behind another here-document may be part of it, and is left alone.
    """
    if _MARK not in action:
        return action
    pieces, done = [], 0
    while (bare := _BARE.search(action, done)) and "<<" not in action[done : bare.start()]:
        end = _END.search(action, bare.end())
        if end is None:
            break
        pieces += [action[done : bare.end()], f" <<'{_MARK}'", action[bare.end() : end.start()], _MARK]
        done = end.end()
    pieces.append(_HEREDOC.sub(f"<<'{_MARK}'", action[done:]))
    return "".join(pieces)
