"""What commands may write, beyond the modes of files: everything but ``/proc``.

Where memory runs out, the kernel ends whom it finds to have most, and to whom the highest ``oom_score_adj`` was given.
Whoever may write that file takes it back for itself, holds its memory in sockets and pipes, which count for nobody,
and the supervisor goes first. Landlock closes ``/proc`` to writing for a process and all that it starts, for good.
"""

from __future__ import annotations

import _struct as struct
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
ASK_VERSION = 1
MOVES_AT = 2  # the first version under which files can still be moved from folder to folder
PATH_BENEATH = 1
WRITE_FILE, REFER = 1 << 1, 1 << 13
CLOSED = "proc"


def close_proc(system_call: Callable[..., int]) -> bool:
    """Lets this process and its descendants write no file of ``/proc``; says whether the kernel can do that.

    Args:
        system_call: Makes a system call of integers and bytes, the number first.

    Raises:
        OSError: The kernel can, and did not.
    """
    if system_call(CREATE_RULESET, 0, 0, ASK_VERSION) < MOVES_AT:
        return False
    handled = struct.pack("=Q", WRITE_FILE | REFER)
    rules = system_call(CREATE_RULESET, handled, len(handled), 0)
    if rules < 0:
        raise OSError("the rules for writing files were refused")
    try:
        with os.scandir("/") as entries:
            folders = [entry.path for entry in entries if entry.name != CLOSED and entry.is_dir(follow_symlinks=False)]
        for folder in folders:
            allow(system_call, rules, folder)
        if system_call(RESTRICT_SELF, rules, 0):
            raise OSError("the rules for writing files were refused")
    finally:
        os.close(rules)
    return True


def allow(system_call: Callable[..., int], rules: int, folder: str) -> None:
    """Lets files below a folder be written as their modes allow."""
    try:
        place = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:  # closed to this user, and so is what is in it
        return
    try:
        beneath = struct.pack("=Qi", WRITE_FILE | REFER, place)
        if system_call(ADD_RULE, rules, PATH_BENEATH, beneath, 0):
            raise OSError(f"the rule for writing below {folder} was refused")
    finally:
        os.close(place)
