"""Makes a folder of these programs ready: bytecode, commands for the PATH, and in an image what goes with it.

Run as root while an image is built, ``python3 -IS /opt/synthgym/set_up.py``; in a sandbox that only lets programs be
run, ``python3 -IS set_up.py FOLDER USER``; on the host, its parts make the tree that sandboxes without an image share.
"""

from __future__ import annotations

import os
import py_compile
import shutil
import sys

COMMANDS = {
    "validate": ("channel_client", "validate"),
    "submit": ("channel_client", "submit"),
} | {
    name: ("file_commands", name)
    for name in (
        "open",
        "goto",
        "scroll_up",
        "scroll_down",
        "create",
        "edit",
        "insert",
        "find_file",
        "search_file",
        "search_dir",
    )
}
"""Program on the PATH → (file in this folder, first argument)."""

SCRIPTS = {file for file, _ in COMMANDS.values()}
AUTHOR = 1000
FIRST_USER, USERS = 40_000, 1024
"""The users that commands in containers run as, one a container: in a range that systems leave free, and below what a
mapped engine has. The kernel counts queued signals, pipes and watches by user, whatever container they are in."""
TELL_LABELS = ("sklearn/datasets/data", "sklearn/datasets/images", "sklearn/datasets/descr")


def compile_all(folder: str, shown: str) -> None:
    """Makes bytecode, so that a start need not compile: that took longer than all else the supervisor does."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            stem, extension = os.path.splitext(path)
            if extension != ".py":
                continue
            os.chmod(path, 0o644)
            within = os.path.join(shown, os.path.relpath(path, folder))
            py_compile.compile(path, dfile=within, doraise=True, invalidation_mode=mode)
            if place == folder and os.path.basename(stem) in SCRIPTS:  # these are run by their path
                py_compile.compile(path, cfile=stem + ".pyc", dfile=within, doraise=True, invalidation_mode=mode)


def write_commands(folder: str, python: str, tools: str) -> None:
    """Writes the programs for a workspace's PATH. They name their interpreter, so that no other `python` runs them."""
    os.makedirs(folder)
    for name, (module, argument) in COMMANDS.items():
        path = os.path.join(folder, name)
        with open(path, "w") as file:
            file.write(f'#!/bin/sh\nexec {python} -IS {tools}/{module}.pyc {argument} "$@"\n')
        os.chmod(path, 0o755)


def provide_python(folder: str) -> None:
    """Where a machine knows its Python as `python3` only, adds the name that challenges and agents use."""
    if not shutil.which("python"):
        path = os.path.join(folder, "python")
        with open(path, "w") as file:
            file.write('#!/bin/sh\nexec python3 "$@"\n')
        os.chmod(path, 0o755)


def clean_image() -> None:
    """Removes data sets that tell labels, and every way to another user's rights."""
    for place, folders, names in os.walk("/"):
        folders[:] = [name for name in folders if os.path.join(place, name) not in ("/proc", "/sys", "/dev")]
        if place.endswith(TELL_LABELS):
            shutil.rmtree(place)
            folders.clear()
            continue
        for name in names:
            path = os.path.join(place, name)
            mode = os.lstat(path).st_mode
            if mode & 0o6000 and not os.path.islink(path):
                os.chmod(path, mode & 0o1777)


def add_users() -> None:
    """Gives the commands' users a name, all the same, unless they have one."""
    for path, line in (
        ("/etc/passwd", "agent:x:{0}:{0}:agent:/home/agent:/bin/bash\n"),
        ("/etc/group", "agent:x:{0}:\n"),
    ):
        with open(path, "a+") as file:
            file.seek(0)
            known = {entry.split(":")[2] for entry in file if entry.count(":") > 1}
            users = map(str, [AUTHOR, *range(FIRST_USER, FIRST_USER + USERS)])
            file.writelines(line.format(user) for user in users if user not in known)


def check() -> None:
    """Ends with a message where what sandboxes need is missing."""
    if sys.version_info < (3, 9):  # noqa: UP036 - this is the sandbox's Python, not the host's
        sys.exit("python3 is too old: 3.9 or newer is needed")
    for program in ("/bin/bash", "/bin/tar", "/bin/sh"):
        if not os.path.exists(program):
            sys.exit(f"there is no {program}, which sandboxes need")


def set_up_image() -> None:
    """Sets up the image that this runs in."""
    folder = os.path.dirname(os.path.abspath(__file__))
    python = os.path.join(folder, "python")
    os.symlink(os.path.realpath(sys.executable), python)
    compile_all(folder, folder)
    write_commands(os.path.join(folder, "bin"), python, folder)
    provide_python(os.path.join(folder, "bin"))
    os.makedirs("/home/agent", exist_ok=True)
    os.chmod("/home/agent", 0o1777)  # some engines give what they mount there the mode of what it hides
    add_users()
    clean_image()


def set_up_folder(folder: str, user: int) -> dict[str, str]:
    """Sets up a machine or container that runs already, with these programs in FOLDER/tools; says what is where.

    As root, commands will be run as `user`, who gets a home; else they share this program's user, and stay in FOLDER.
    """
    tools = os.path.join(folder, "tools")
    compile_all(tools, tools)
    write_commands(os.path.join(tools, "bin"), sys.executable, tools)
    provide_python(os.path.join(tools, "bin"))
    root = os.geteuid() == 0
    home = "/home/agent" if root else os.path.join(folder, "home")
    temporary = os.path.join(folder, "tmp")
    for path in (home, temporary):
        os.makedirs(path, exist_ok=True)
        if root:
            os.chown(path, user, user)
    os.mkdir(os.path.join(folder, "relay"), 0o700)
    os.chmod(folder, 0o755)
    return {
        "root": "yes" if root else "no",
        "home": home,
        "workspace": os.path.join(home, "workspace"),
        "tmp": temporary,
        "tools": tools,
        "python": sys.executable,
        "path": os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin"),
    }


def main() -> None:
    """Sets up an image, or with arguments a folder."""
    check()
    if len(sys.argv) > 1:
        import json

        print(json.dumps(set_up_folder(sys.argv[1], int(sys.argv[2]))))
    else:
        set_up_image()


if __name__ == "__main__":
    main()
