"""Looking at and editing files, by the names that SWE-agent and MLGym taught agents.

open PATH [LINE], goto LINE, scroll_up, scroll_down, create PATH, edit FIRST:LAST (new text on stdin), insert LINE (text
on stdin), find_file NAME [FOLDER], search_file TEXT [PATH], search_dir TEXT [FOLDER]. Plain bash always works as well.
"""

import fnmatch
import os
import sys

WINDOW = 100
STATE = os.path.join(os.environ.get("HOME", "/tmp"), ".synthgym-open")
MOST_HITS = 100


def fail(text):
    sys.exit(f"{sys.argv[1]}: {text}")


def load():
    """The open file and the first line shown, counted from 1."""
    try:
        with open(STATE) as file:
            path, line = file.read().split("\n")[:2]
        return path, int(line)
    except (OSError, ValueError):
        return fail("no file is open; use: open PATH")


def save(path, line):
    with open(STATE, "w") as file:
        file.write(f"{path}\n{line}\n")


def lines_of(path):
    try:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            return file.read().splitlines(keepends=True)
    except OSError as error:
        return fail(f"{path}: {error.strerror}")


def show(path, line):
    lines = lines_of(path)
    first = max(1, min(line, len(lines) - WINDOW + 1))
    save(path, first)
    last = min(first + WINDOW - 1, len(lines))
    print(f"[{os.path.relpath(path)} ({len(lines)} lines)]")
    if first > 1:
        print(f"({first - 1} lines above)")
    for number in range(first, last + 1):
        text = lines[number - 1].rstrip("\r\n")
        print(f"{number}:{text}")
    if last < len(lines):
        print(f"({len(lines) - last} lines below)")


def number(text, what):
    try:
        return int(text)
    except ValueError:
        return fail(f"expected {what}, got {text!r}")


def new_text():
    text = sys.stdin.read()
    return text if not text or text.endswith("\n") else text + "\n"


def store(path, text):
    try:
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        fail(f"{path}: {error.strerror}")


def open_(path, line="1"):
    show(os.path.abspath(path), number(line, "a line"))


def goto(line):
    path, _ = load()
    show(path, number(line, "a line") - WINDOW // 2)


def scroll_up():
    path, line = load()
    show(path, line - WINDOW)


def scroll_down():
    path, line = load()
    show(path, line + WINDOW)


def create(path):
    if os.path.exists(path):
        fail(f"{path} is there already; use: open {path}")
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    store(path, "")
    show(os.path.abspath(path), 1)


def edit(span):
    path, _ = load()
    lines = lines_of(path)
    first, _, last = span.partition(":")
    first, last = number(first, "FIRST:LAST"), number(last or first, "FIRST:LAST")
    if not (1 <= first <= last <= max(len(lines), 1)):
        fail(f"expected lines between 1 and {len(lines)}, got {span}")
    store(path, "".join(lines[: first - 1]) + new_text() + "".join(lines[last:]))
    show(path, max(1, first - WINDOW // 2))


def insert(line):
    path, _ = load()
    lines = lines_of(path)
    at = number(line, "a line")
    if not 0 <= at <= len(lines):
        fail(f"expected a line between 0 and {len(lines)}, got {at}")
    if at and not lines[at - 1].endswith("\n"):
        lines[at - 1] += "\n"
    store(path, "".join(lines[:at]) + new_text() + "".join(lines[at:]))
    show(path, max(1, at - WINDOW // 2))


def files_below(folder):
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            yield os.path.join(place, name)


def listed(hits, what):
    hits = list(hits)
    for hit in hits[:MOST_HITS]:
        print(hit)
    more = f" ({len(hits) - MOST_HITS} not shown)" if len(hits) > MOST_HITS else ""
    print(f"{len(hits)} {what}{more}")


def find_file(name, folder="."):
    listed((path for path in files_below(folder) if fnmatch.fnmatch(os.path.basename(path), name)), "files")


def hits_in(path, text):
    for at, line in enumerate(lines_of(path), 1):
        if text in line:
            yield f"{path}:{at}:{line.rstrip()[:200]}"


def search_file(text, path=None):
    listed(hits_in(path or load()[0], text), "lines")


def search_dir(text, folder="."):
    listed((hit for path in files_below(folder) for hit in hits_in(path, text)), "lines")


COMMANDS = {"open": open_} | {
    function.__name__: function
    for function in (goto, scroll_up, scroll_down, create, edit, insert, find_file, search_file, search_dir)
}


def main():
    name, *arguments = sys.argv[1:]
    try:
        COMMANDS[name](*arguments)
    except TypeError:
        usage = [line for line in __doc__.split("\n\n")[1].replace("\n", " ").split(", ") if line.startswith(name)]
        fail(f"wrong arguments; usage: {usage[0] if usage else name}")


main()
