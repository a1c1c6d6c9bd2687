"""A reset: nothing is left of what went on."""

from __future__ import annotations

import threading
import time

from synthgym.envs.conformance.checks import LIMITS, Opener, check, opening
from synthgym.envs.conformance.expectations import between, contains, equal, true
from synthgym.envs.sandboxes.base import Sandbox
from synthgym.envs.sandboxes.supervised import SupervisedSandbox

LEAVE_NOTES = r"""
for folder in $(find / -xdev -type d -writable -not -path '/proc/*' 2>/dev/null) /home/agent /tmp /dev/shm /dev/mqueue
do echo note > $folder/.note-left 2>/dev/null; done
deep=$HOME; for i in $(seq 200); do deep=$deep/deeper-and-deeper; mkdir $deep || break; done
mkdir $TMPDIR/closed && touch $TMPDIR/closed/note && chmod 0 $TMPDIR/closed
mkdir -p -- "$HOME/-rf" "$HOME/a b" "$HOME/ü"; touch "$HOME/..x" "$HOME/a b/
newline"
ln -s /etc/passwd $HOME/link; ln -s / $HOME/root; mkfifo $HOME/fifo
chmod 700 $HOME $TMPDIR
python - <<END
import ctypes, os
libc = ctypes.CDLL(None)
print("shm", libc.shmget(4711, 4096, 0o1666), "sem", libc.semget(4711, 1, 0o1666), "msg", libc.msgget(4711, 0o1666))
print("mq", libc.mq_open(b"/note", os.O_CREAT | os.O_RDWR, 0o666, None))
for folder in (os.environ["HOME"], os.environ["TMPDIR"], "/tmp", "/dev/shm"):
    try:
        os.setxattr(folder, "user.note", b"left")
        print("xattr", folder)
    except OSError:
        pass
END
(setsid sleep 3799 & disown)
"""

FIND_NOTES = r"""
find / -xdev -name '.note-left' -not -path '/proc/*' 2>/dev/null
for folder in /home/agent /tmp /dev/shm /dev/mqueue $HOME $TMPDIR; do find $folder -name '.note-left' 2>/dev/null; done
find $HOME $TMPDIR -mindepth 1 -not -path "$PWD" 2>/dev/null
python - <<END
import ctypes, os
libc = ctypes.CDLL(None)
for name, found in ("shm", libc.shmget(4711, 0, 0)), ("sem", libc.semget(4711, 0, 0)), ("msg", libc.msgget(4711, 0)):
    if found >= 0:
        print(name, found)
for folder in (os.environ["HOME"], os.environ["TMPDIR"], "/tmp", "/dev/shm"):
    if "user.note" in os.listxattr(folder):
        print("xattr", folder)
END
for d in /proc/[0-9]*; do tr '\0' ' ' 2>/dev/null < $d/cmdline | grep 'sleep 379[9]'; done
true
"""


def started(box: Sandbox) -> object:
    """What another sandbox would not share that took the place of this one; None where a reset may start another."""
    return box._link if isinstance(box, SupervisedSandbox) and box.in_place else None


@opening(isolated=True)
def a_reset_leaves_nothing_anywhere(open_box: Opener) -> None:
    box = open_box()
    before = started(box)
    left = box.run(LEAVE_NOTES, LIMITS).text
    contains(left, "shm -1 sem -1 msg -1")
    contains(left, "mq -1")
    box.start()
    found = box.run(FIND_NOTES, LIMITS)
    equal((found.text, found.returncode), ("", 0))
    true(started(box) is before, "a reset in place")


@opening(isolated=True)
def modes_of_the_folders_are_as_at_first(open_box: Opener) -> None:
    box = open_box()
    look = "stat -c '%a %U %n' /home/agent /tmp /dev/shm $PWD"
    before = box.run(look, LIMITS).text
    box.run("chmod 0 /tmp /dev/shm; chmod 777 $HOME; chmod 0 $PWD", LIMITS)
    box.start()
    equal(box.run(look, LIMITS).text, before)


HIDDEN_NOTES = r"""
python - <<'END'
import ctypes, fcntl, glob, os, struct
for folder in ("/home/agent", os.environ["HOME"], os.environ["TMPDIR"], "/tmp", "/dev/shm"):
    if os.stat(folder).st_uid == os.getuid():
        os.utime(folder, ns=(1234567890123456789, 1234567890123456790))
    file = os.open(folder, os.O_RDONLY)
    try:
        fcntl.ioctl(file, 0x40086602, struct.pack("q", 0xC0))
        print("flags of", folder)
    except OSError:
        pass
shell = os.getppid()
for link in glob.glob(f"/proc/{shell}/fd/*"):
    if "memfd" in os.readlink(link):
        file = os.open(link, os.O_RDWR)
        os.fchmod(file, 0o751)
        for what in (lambda: os.setxattr(link, "user.note", b"left"), lambda: fcntl.flock(file, fcntl.LOCK_EX)):
            try:
                what()
            except OSError:
                pass
        print("command file")
END
"""

FIND_HIDDEN_NOTES = r"""
python - <<'END'
import fcntl, glob, os, struct
for folder in ("/home/agent", os.environ["HOME"], os.environ["TMPDIR"], "/tmp", "/dev/shm"):
    status = os.stat(folder)
    if {status.st_atime_ns, status.st_mtime_ns} & {1234567890123456789, 1234567890123456790}:
        print("times of", folder)
    file = os.open(folder, os.O_RDONLY)
    try:
        if struct.unpack("i4x", fcntl.ioctl(file, 0x80086601, bytes(8)))[0] & 0xC0:
            print("flags of", folder)
    except OSError:
        pass
for link in glob.glob(f"/proc/{os.getppid()}/fd/*"):
    if "memfd" in os.readlink(link):
        if os.listxattr(link) or os.stat(link).st_mode & 0o777 == 0o751:
            print("on the command file", os.listxattr(link), oct(os.stat(link).st_mode))
END
"""


@opening(isolated=True)
def a_reset_leaves_no_note_on_what_stays(open_box: Opener) -> None:
    """Folders are kept, and so was the file that commands are read from: their times, flags and attributes are not."""
    box = open_box()
    before = started(box)
    contains(box.run(HIDDEN_NOTES, LIMITS).text, "command file")
    box.start()
    found = box.run(FIND_HIDDEN_NOTES, LIMITS)
    equal((found.text, found.returncode), ("", 0))
    true(started(box) is before, "a reset in place")


@opening(isolated=True)
def what_background_jobs_used_is_not_the_next_sessions(open_box: Opener) -> None:
    box = open_box()
    box.run("(while :; do :; done) & (while :; do :; done) &", LIMITS)
    time.sleep(1.5)
    box.start()
    between(0, box.run("true", LIMITS).cpu_seconds, 0.3, "CPU seconds")


@opening()
def variables_and_files_are_those_of_the_new_start(open_box: Opener) -> None:
    shown_folder = open_box.folder()
    box = open_box(env={"SEED": "1"})
    box.run("export OTHER=5", LIMITS)
    (shown_folder / "file").write_text("shown")
    box.setup = type(box.setup)(box.setup.profile, shown_folder, env={"SEED": "2"})
    box.start()
    equal(box.run("echo $SEED ${OTHER-none}; cat file", LIMITS).text, "2 none\nshown")


@check()
def a_reset_while_another_thread_waits_for_a_command(box: Sandbox) -> None:
    ended: list[object] = []

    def wait() -> None:
        try:
            ended.append(box.run("sleep 30", LIMITS))
        except Exception as error:
            ended.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.3)
    box.start()
    thread.join(20)
    equal(len(ended), 1)
    equal(box.run("echo fresh", LIMITS).text, "fresh\n")


@check()
def many_resets_in_a_row_cost_nothing_that_lasts(box: Sandbox) -> None:
    for number in range(15):
        box.run(f"head -c 5000000 /dev/zero > file-{number}; sleep 100 &", LIMITS)
        box.start()
    equal(box.run("ls; jobs; echo end", LIMITS).text, "end\n")


@opening()
def five_megabytes_of_files(open_box: Opener) -> None:
    shown_folder = open_box.folder()
    for number in range(50):
        (shown_folder / f"file-{number}").write_bytes(bytes([number]) * 100_000)
    box = open_box(files=shown_folder)
    for _ in range(2):
        equal(box.run("cat * | wc -c; head -c 3 file-7 | od -An -tu1", LIMITS).text.split(), ["5000000", *"777"])
        box.run("rm file-1; echo x >> file-2", LIMITS)
        box.start()
