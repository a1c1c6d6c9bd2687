"""What a class of sandboxes says of itself: what follows its name, what it can do, and whether it works here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from synthgym.registry.images import why_not_installed

State = Literal["works", "missing", "limited"]


@dataclass(frozen=True)
class Finding:
    """One thing that `synthgym doctor` looked at.

    Attributes:
        name: What.
        state: ``works``; ``limited``: works, with something to know; ``missing``: does not work, or is not there.
        found: What was found.
        advice: What to do; empty where there is nothing to be done.
    """

    name: str
    state: State
    found: str
    advice: str = ""


class Backend:
    """The capabilities of a class of sandboxes, told without starting one; see `synthgym.envs.sandboxes.base.Sandbox`.

    Attributes:
        name: What ``sandbox=`` takes: the name of its entry point too.
        argument: What may follow the name and a colon, as help shows it, such as ``IMAGE``; None: nothing may.
        needs_argument: Whether it has to follow.
        isolates: Whether it promises by itself that commands reach neither the host nor what an earlier episode left.
            It is then held to the checks of that.
        auto: Its place among the backends that ``auto`` asks, lowest first, if it isolates; None: it has to be named.
        shares_folders: Whether its sandboxes share this machine's kernel and see the folders that they are shown as
            they are, sockets in them included. What is copied to another machine does not.
        limits_disk: Whether a workspace holds no more than its profile says; else as much as the disk does.
    """

    name: ClassVar[str]
    argument: ClassVar[str | None] = None
    needs_argument: ClassVar[bool] = False
    isolates: ClassVar[bool] = False
    auto: ClassVar[int | None] = None
    shares_folders: ClassVar[bool] = True
    limits_disk: ClassVar[bool] = True

    @classmethod
    def unavailable(cls) -> str | None:
        """Why it cannot be used on this machine, and what to do; None if it can."""
        return None

    @classmethod
    def check_argument(cls, argument: str) -> str:
        """What follows the name, as any process may use it from wherever it works: a path is made absolute.

        Raises:
            UserError: It is not what the backend takes; called where something follows, or has to.
        """
        return argument

    @classmethod
    def brings_image(cls, argument: str) -> bool:
        """Whether what is installed inside is the backend's or its argument's own affair, whatever a challenge asks."""
        return False

    @classmethod
    def lacks_image(cls, image: str) -> str | None:
        """Why its sandboxes cannot have an image, and what to do; None if they can.

        Unless a backend says else, they have what is installed beside synthgym, as `synthgym.envs.sandboxes.runtime`
        links it.
        """
        return why_not_installed(image)

    @classmethod
    def how_to_get(cls, image: str) -> str | None:
        """How it gets an image that is not installed beside synthgym, as the end of a sentence; None if it cannot."""
        return None

    @classmethod
    def examine(cls) -> Iterator[Finding]:
        """What `synthgym doctor` tells of it."""
        reason = cls.unavailable()
        yield Finding(f"sandbox {cls.name!r}", "missing" if reason else "works", "", reason or "")

    @classmethod
    def cleanup(cls) -> dict[str, int]:
        """Removes what sandboxes of processes that died left on this machine; says how many of each kind of thing."""
        return {}
