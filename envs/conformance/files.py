"""Files of the workspace: given, read, listed and written by the host."""

from __future__ import annotations

import hashlib
import random

from synthgym.base.errors import BadSubmission, PathTaken, SandboxError
from synthgym.envs.conformance.checks import AGENT, LIMITS, Opener, check, opening
from synthgym.envs.conformance.expectations import contains, equal, raises
from synthgym.envs.sandboxes.base import Limits, Sandbox


@opening()
def files_are_copied_at_every_start(open_box: Opener) -> None:
    shown_folder = open_box.folder()
    (shown_folder / "sub").mkdir()
    (shown_folder / "sub" / "file").write_text("as given")
    box = open_box(files=shown_folder)
    box.run("echo changed > sub/file; touch more", LIMITS)
    equal((shown_folder / "sub" / "file").read_text(), "as given")
    box.start()
    equal(box.run("cat sub/file; ls", LIMITS).text, "as givensub\n")


@check()
def read_and_write(box: Sandbox) -> None:
    data = bytes(range(256)) * 4000
    box.write("deep/er/file", data)
    equal(box.read("deep/er/file", len(data)), data)
    with raises(BadSubmission, "larger than"):
        box.read("deep/er/file", len(data) - 1)
    with raises(BadSubmission, "no file 'missing'"):
        box.read("missing", 10)
    box.run("mkdir folder; ln -s deep/er/file link; mkfifo fifo; ln -s deep way; touch file; chmod 0 file", LIMITS)
    for path in ("folder", "link", "fifo", "way/er/file", "file/x"):
        with raises(BadSubmission, path):
            box.read(path, 10**6)


@check()
def the_names_of_files(box: Sandbox) -> None:
    box.start()
    equal(box.names(), [])
    box.write("b/c d.txt", b"1")
    box.run("mkdir -p b/empty; echo > $'line\nbreak'; ln -s /etc link; ln -s b other; mkfifo pipe; echo > .hid", LIMITS)
    equal(box.names(), [".hid", "b/c d.txt", "line\nbreak"])
    box.run("mkdir closed; echo > closed/in; chmod 0 closed", LIMITS)
    contains(([], ["closed/in"]), [name for name in box.names() if name.startswith("closed")])  # the latter: as root
    box.run("chmod 700 closed; echo > $'not-\\xff-text'", LIMITS)
    with raises(BadSubmission, "not UTF-8"):
        box.names()
    box.run("rm -rf -- *; for i in $(seq 11); do mkdir $i; (cd $i; seq 1000 | xargs touch); done", Limits())
    with raises(BadSubmission, "more than 10000 files"):
        box.names()
    equal(box.run("echo lives", LIMITS).output, b"lives\n")


@check(
    cases=[
        ("mkdir -p a/b.py", "a/b.py"),
        ("echo > a", "a/b.py"),
        ("mkdir a; ln -s b.py a/b.py", "a/b.py"),
        ("", "n" * 300),
    ]
)
def a_path_in_whose_way_something_stands(box: Sandbox, make: str, path: str) -> None:
    box.run(make, LIMITS)
    with raises(PathTaken, "cannot write"):
        box.write(path, b"1")
    equal(box.run("echo alive", LIMITS).text, "alive\n")


@check()
def large_files_go_in_and_come_out(box: Sandbox) -> None:
    data = random.Random(5).randbytes(10 << 20)
    box.write("large", data)
    said = box.run("sha256sum < large; cat large large > larger", LIMITS)
    equal(said.text.split()[0], hashlib.sha256(data).hexdigest())
    equal(box.read("larger", 2 * len(data)), data + data)


@check()
def what_does_not_fit_is_refused_and_the_sandbox_lives(box: Sandbox) -> None:
    if box.limits_disk:
        with raises(SandboxError, r"No space left|cannot write"):
            box.write("large", bytes((AGENT.disk_mb + 1) << 20))
        box.run("rm -f large", LIMITS)
    box.write("small", b"fits")
    equal(box.run("cat small", LIMITS).text, "fits")
