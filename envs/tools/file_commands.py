"""Looking at and editing files, by the names that SWE-agent taught agents.

open PATH [LINE], goto LINE, scroll_up, scroll_down, create PATH, edit FIRST:LAST (new text on stdin), insert LINE (text
on stdin), find_file NAME [FOLDER], search_file TEXT [PATH], search_dir TEXT [FOLDER]. Plain bash always works as well.

Lines that are not asked for stay as they are, byte by byte: what is not UTF-8 is carried along, and shown as �.
"""

from __future__ import annotations

import fcntl
import os
import stat
import sys

TYPE_CHECKING = False  # importing `typing` takes longer than what these commands do
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import FileIO
    from typing import NoReturn

WINDOW = 100
STATE = os.path.join(os.environ.get("HOME", "/tmp"), ".synthgym-open")
MOST_HITS = 100


def fail(text: str) -> NoReturn:
    sys.exit(shown(f"{sys.argv[1]}: {text}"))


def shown(text: str) -> str:
    """Text that can be printed, of one that may hold bytes that are not UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def load() -> tuple[str, int]:
    """The open file and the first line shown, counted from 1."""
    try:
        with open(STATE, encoding="utf-8", errors="surrogateescape") as file:
            path, line = file.read().split("\n")[:2]
        return path, int(line)
    except (OSError, ValueError):
        fail("no file is open; use: open PATH")


def save(path: str, line: int) -> None:
    with open(STATE, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(f"{path}\n{line}\n")


def read_lines(path: str) -> list[str]:
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
        return file.readlines()  # not splitlines(): a form feed or U+2028 ends no line for grep, sed or Python


def lines_of(path: str) -> list[str]:
    try:
        return read_lines(path)
    except OSError as error:
        fail(f"{os.path.relpath(path)}: {error.strerror}")


def show(path: str, line: int) -> None:
    lines = lines_of(path)
    first = max(1, min(line, len(lines) - WINDOW + 1))
    save(path, first)
    last = min(first + WINDOW - 1, len(lines))
    print(shown(f"[{os.path.relpath(path)} ({len(lines)} lines)]"))
    if first > 1:
        print(f"({first - 1} lines above)")
    for number in range(first, last + 1):
        text = lines[number - 1].rstrip("\r\n")
        print(shown(f"{number}:{text}"))
    if last < len(lines):
        print(f"({len(lines) - last} lines below)")


def number(text: str, what: str) -> int:
    try:
        return int(text)
    except ValueError:
        fail(f"expected {what}, got {text!r}")


def new_text(lines: list[str], at: int) -> str:
    """What came on stdin, as lines that end as the one with this index does, or the one before it."""
    text = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    if text and not text.endswith("\n"):
        text += "\n"
    near = [line for line in lines[max(at - 1, 0) : at + 1] if line.endswith("\n")]
    return text.replace("\r\n", "\n").replace("\n", "\r\n") if near and near[-1].endswith("\r\n") else text


def expect_text() -> None:
    """Ends the command where nothing is given: the new text is likely to stand in the lines below it.

    The stdin that a command of the shell has is open for writing too. An empty text, which removes lines, is
    not: a file, a pipe, or what bash makes of an empty here-document.
    """
    if stat.S_ISCHR(os.fstat(0).st_mode) and fcntl.fcntl(0, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDWR:
        fail(f"expected the new text on stdin; write: {' '.join(sys.argv[1:])} <<'end_of_edit', the lines, end_of_edit")


def store(path: str, text: str) -> None:
    """Writes a file anew. Where there is no room for that, it is left as it was."""
    data = text.encode("utf-8", "surrogateescape")
    try:
        with open(path, "r+b" if os.path.exists(path) else "xb", buffering=0) as file:
            before = file.read() if file.readable() else b""
            try:
                write_all(file, data)
            except OSError:
                write_all(file, before)
                raise
    except OSError as error:
        fail(f"{os.path.relpath(path)}: {error.strerror}")


def write_all(file: FileIO, data: bytes) -> None:
    """Makes this the content of a file. What was there is overwritten, not freed: so it can be put back."""
    file.seek(0)
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]
    file.truncate(len(data))


def open_(path: str, line: str = "1") -> None:
    show(os.path.abspath(path), number(line, "a line"))


def goto(line: str) -> None:
    path, _ = load()
    show(path, number(line, "a line") - WINDOW // 2)


def scroll_up() -> None:
    path, line = load()
    show(path, line - WINDOW)


def scroll_down() -> None:
    path, line = load()
    show(path, line + WINDOW)


def create(path: str) -> None:
    if os.path.exists(path):
        fail(f"{path} is there already; use: open {path}")
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    store(path, "")
    show(os.path.abspath(path), 1)


def edit(span: str) -> None:
    expect_text()
    path, _ = load()
    lines = lines_of(path)
    start, _, end = span.partition(":")
    first, last = number(start, "FIRST:LAST"), number(end or start, "FIRST:LAST")
    if not (1 <= first <= last <= max(len(lines), 1)):
        fail(f"expected lines between 1 and {len(lines)}, got {span}")
    store(path, "".join(lines[: first - 1]) + new_text(lines, first - 1) + "".join(lines[last:]))
    show(path, max(1, first - WINDOW // 2))


def insert(line: str) -> None:
    expect_text()
    path, _ = load()
    lines = lines_of(path)
    at = number(line, "a line")
    if not 0 <= at <= len(lines):
        fail(f"expected a line between 0 and {len(lines)}, got {at}")
    if at and not lines[at - 1].endswith("\n"):
        lines[at - 1] += "\r\n" if lines[0].endswith("\r\n") else "\n"
    store(path, "".join(lines[:at]) + new_text(lines, at - 1) + "".join(lines[at:]))
    show(path, max(1, at - WINDOW // 2))


def files_below(folder: str) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from filter(os.path.isfile, (os.path.join(place, name) for name in sorted(names)))


def listed(found: Iterable[str], what: str) -> None:
    hits = list(found)
    for hit in hits[:MOST_HITS]:
        print(shown(hit))
    more = f" ({len(hits) - MOST_HITS} not shown)" if len(hits) > MOST_HITS else ""
    print(f"{len(hits)} {what}{more}")


def find_file(name: str, folder: str = ".") -> None:
    import fnmatch

    listed((path for path in files_below(folder) if fnmatch.fnmatch(os.path.basename(path), name)), "files")


def hits_in(path: str, lines: list[str], text: str) -> Iterator[str]:
    for at, line in enumerate(lines, 1):
        if text in line:
            yield f"{path}:{at}:{line.rstrip()[:200]}"


def hits_below(folder: str, text: str) -> Iterator[str]:
    for path in files_below(folder):
        try:
            yield from hits_in(path, read_lines(path), text)
        except OSError:
            pass


def search_file(text: str, path: str | None = None) -> None:
    path = path or load()[0]
    listed(hits_in(path, lines_of(path), text), "lines")


def search_dir(text: str, folder: str = ".") -> None:
    listed(hits_below(folder, text), "lines")


COMMANDS: dict[str, Callable[..., None]] = {"open": open_} | {
    function.__name__: function
    for function in (goto, scroll_up, scroll_down, create, edit, insert, find_file, search_file, search_dir)
}


def main() -> None:
    name, *arguments = sys.argv[1:]
    try:
        COMMANDS[name](*arguments)
    except TypeError:
        usages = (__doc__ or "").split("\n\n")[1].replace("\n", " ").split(", ")
        usage = [line for line in usages if line.startswith(name)]
        fail(f"wrong arguments; usage: {usage[0] if usage else name}")


main()
