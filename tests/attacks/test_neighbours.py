"""What two sandboxes on one machine could talk by, or take from each other: locks, watches, counters, quotas."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from env_fixtures import AGENT, LIMITS

from synthgym.envs.sandboxes.base import MODULE, Profile, Sandbox
from synthgym.envs.sandboxes.bubblewrap import sandbox as bubblewrap

READY = "until [ -e /tmp/ready ]; do sleep 0.05; done"


def begin(box: Sandbox, script: str) -> str:
    """Runs a script in the background until it has made `/tmp/ready`; returns what it printed."""
    box.write("begin.py", script.encode())
    return box.run(f"python -u begin.py > begun 2>&1 & {READY}; cat begun", LIMITS).text


def look(box: Sandbox, script: str) -> str:
    """What a script prints."""
    box.write("look.py", script.encode())
    return box.run("python -u look.py 2>&1", LIMITS).text


STAY = "\nimport time\nopen('/tmp/ready', 'w').close()\ntime.sleep(100)\n"

LOCK_ALL = """
import fcntl, os
each, held, closed = {}, [], []
for place, folders, names in os.walk("/"):
    if place == "/proc":
        folders[:] = [name for name in folders if not name.isdigit() and name not in ("self", "thread-self")]
    for name in [".", *names]:
        path = os.path.join(place, name)
        try:
            kind = (os.lstat(path).st_dev, place.startswith("/dev") and path)
            if each.get(kind, 0) >= 8:
                continue
            file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            LOCK
        except BlockingIOError:
            closed.append(path)
        except OSError:
            os.close(file)
            continue
        held.append(file)
        each[kind] = each.get(kind, 0) + 1
print(len(held) > 20, sorted(closed))
"""
"""Takes a lock on some files of every file system that is shown, and on all devices."""


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user cannot mount: see docs/guides/sandboxes.md")
def test_no_lock_on_any_file_is_seen_by_another_sandbox(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    one, other, third = open_box(sealed), open_box(sealed), open_box(sealed)
    script = LOCK_ALL.replace("LOCK\n", "fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)\n")
    alone = look(third, script)  # some files have two names: those are taken by itself
    assert alone.startswith("True")
    assert begin(one, script + STAY) == alone
    assert look(other, script) == alone


HELD = """
import fcntl, struct
shared = open("/usr/bin/env", "rb")
for kind, start in ((fcntl.F_SETLK, 4711), (37, 4712)):  # the latter is F_OFD_SETLK
    try:
        fcntl.fcntl(shared, kind, struct.pack("hhqqi4x", fcntl.F_RDLCK, os.SEEK_SET, start, 1, 0))
        print("locked")
    except OSError as error:
        print(error.strerror)
"""
ASK = """
import fcntl, struct
shared = open("/usr/bin/env", "rb")
for start in (4711, 4712):
    asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, start, 1, 0)
    print(struct.unpack("hhqqi4x", fcntl.fcntl(shared, fcntl.F_GETLK, asked))[0] == fcntl.F_UNLCK)
try:
    print("47" in open("/proc/locks").read())
except OSError:
    print(False)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user cannot mount: see docs/guides/sandboxes.md")
def test_no_lock_on_part_of_a_file_is_seen_by_another_sandbox(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    one, other = open_box(sealed), open_box(sealed)
    assert begin(one, "import os\n" + HELD + STAY) == "locked\nInvalid argument\n"
    assert look(other, "import os\n" + ASK) == "True\nTrue\nFalse\n"


def test_a_list_of_all_locks_tells_nothing_of_others(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    """Locks that belong to an open file are shown to every process namespace, wherever the file is."""
    one, other = open_box(sealed), open_box(sealed)
    script = (
        "import fcntl, struct\n"
        "file = open('own', 'w')\n"
        "try: fcntl.fcntl(file, 37, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 47114711, 9, 0)); print('locked')\n"
        "except OSError as error: print(error.strerror)\n"
    )
    assert begin(one, script + STAY) == "Invalid argument\n"
    assert "4711" not in other.run("cat /proc/locks", LIMITS).text


def test_files_of_ones_own_can_be_locked(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    box = open_box(sealed)
    script = (
        "import fcntl, sqlite3\n"
        "with sqlite3.connect('x.db') as base: base.execute('create table t (a)')\n"
        "file = open('own', 'w')\n"
        "fcntl.flock(file, fcntl.LOCK_EX); fcntl.lockf(file, fcntl.LOCK_EX)\n"
        "other = open('own', 'w')\n"
        "try: fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
        "except BlockingIOError: print('held')\n"
    )
    assert look(box, script) == "held\n"


def test_what_is_played_without_mounts_of_its_own_locks_nothing(
    open_box: Callable[..., Sandbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where sandboxes share inodes, the one that plays what was handed in is kept from all that hangs on them."""
    monkeypatch.setattr(bubblewrap, "allowed", lambda: False)
    box = open_box("bubblewrap", MODULE)
    script = """
import ctypes, fcntl, os, struct
libc = ctypes.CDLL(None, use_errno=True)
file = os.open("/usr/bin/env", os.O_RDONLY)
part = struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 4711, 1, 0)
for attempt in (
    lambda: fcntl.flock(file, fcntl.LOCK_EX),
    lambda: fcntl.fcntl(file, fcntl.F_SETLK, part),
    lambda: fcntl.fcntl(file, fcntl.F_GETLK, part),
    lambda: fcntl.fcntl(file, 37, part),
    lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK),
    lambda: fcntl.fcntl(os.open("/usr/bin", os.O_RDONLY), fcntl.F_NOTIFY, 1),
):
    try:
        attempt()
        print("done")
    except OSError as error:
        print("refused", error.errno)
print(libc.inotify_init1(0))
"""
    assert look(box, script) == "refused 38\n" + "refused 22\n" * 5 + "-1\n"


WATCH = """
import ctypes, fcntl, os, select, signal, time
libc = ctypes.CDLL(None)
watcher, signals = libc.inotify_init1(os.O_NONBLOCK), []
signal.signal(signal.SIGIO, lambda *given: signals.append(given))
folders = ["/usr/bin", "/usr/share", "/opt", "/opt/python", "/etc", "/dev"]
for folder in folders:
    if libc.inotify_add_watch(watcher, folder.encode(), 0xFFF) < 0:
        print("not", folder)
held = [os.open(folder, os.O_RDONLY) for folder in folders if os.path.exists(folder)]
for folder in held:
    fcntl.fcntl(folder, fcntl.F_NOTIFY, fcntl.DN_MULTISHOT | fcntl.DN_ACCESS | fcntl.DN_MODIFY)
open("/tmp/ready", "w").close()
time.sleep(0.5)
while select.select([watcher], [], [], 0)[0]:
    os.read(watcher, 1 << 20)
signals.clear()
until = time.monotonic() + 4
while time.monotonic() < until:
    if select.select([watcher], [], [], 0.2)[0]:
        print("saw", len(os.read(watcher, 1 << 20)))
        break
print("signals", len(signals), flush=True)
"""
WATCHED = 5.5  # seconds, in which nothing may run beside it: it would see that
DO = "ls /usr/bin /usr/share /opt /opt/python /etc /dev; cat /usr/bin/env /usr/bin/ls /etc/passwd; echo > /dev/null"


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user cannot mount: see docs/guides/sandboxes.md")
def test_what_one_reads_is_not_seen_by_another(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    one, other = open_box(sealed), open_box(sealed)
    other.write("watch.py", WATCH.encode())
    other.run(f"python watch.py > seen & {READY}", LIMITS)
    time.sleep(1)
    ended = time.monotonic() + WATCHED
    for _ in range(10):
        one.run(f"({DO}) > /dev/null 2>&1", LIMITS)
    time.sleep(ended - time.monotonic())
    seen = other.run("cat seen", LIMITS).text
    assert "saw" not in seen
    assert "signals 0" in seen


def test_the_same_watch_sees_what_its_own_sandbox_reads(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    """Else the test above would pass with a watch that sees nothing."""
    box = open_box(sealed)
    box.write("watch.py", WATCH.encode())
    box.run(f"python watch.py > seen & {READY}; sleep 1; ({DO}) > /dev/null 2>&1", LIMITS)
    time.sleep(WATCHED)
    assert "saw" in box.run("cat seen", LIMITS).text


CACHED = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
file = os.open("/usr/bin/env", os.O_RDONLY)
os.read(file, 4096)
room = bytearray(4096)
print(os.preadv(file, [room], 0))
try:
    print("told", os.preadv(file, [room], 0, os.RWF_NOWAIT))
except OSError as error:
    print("refused", error.errno)
print(libc.syscall(451, file, bytes(16), bytes(40), 0), ctypes.get_errno())
"""


def test_which_pages_are_in_memory_is_not_told(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    """The kernel tells it of one's own files only, and the calls that tell it of all are refused."""
    assert look(open_box(sealed), CACHED) == "4096\nrefused 95\n-1 38\n"


COUNTERS = "/proc/sys/fs/file-nr /proc/sys/fs/inode-nr /proc/sys/fs/dentry-state /proc/sys/fs/aio-nr /proc/keys"


def test_counters_of_the_whole_machine_are_not_shown(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    box = open_box(sealed)
    assert box.run(f"cat {COUNTERS} 2>/dev/null", LIMITS).text == ""


TAKE = {
    "watches": "import ctypes\nlibc = ctypes.CDLL(None)\nn = 0\nwhile n < 900 and libc.inotify_init1(0) >= 0: n += 1",
    "pipes": (
        "import fcntl, os\nn = 0\n"
        "try:\n"
        "    while n < 400: fcntl.fcntl(os.pipe()[1], 1031, 1 << 20); n += 1\n"
        "except OSError: pass"
    ),
    "signals": (
        "import ctypes, os, signal\nlibc = ctypes.CDLL(None)\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [40])\nn = 0\n"
        "while n < 200_000 and not libc.sigqueue(os.getpid(), 40, None): n += 1"
    ),
}


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's sandboxes all run as that user")
@pytest.mark.parametrize("what", sorted(TAKE))
def test_what_a_user_may_have_is_not_shared(sealed: str, open_box: Callable[..., Sandbox], what: str) -> None:
    one, other = open_box(sealed), open_box(sealed)
    taken = int(begin(one, TAKE[what] + "\nprint(n)" + STAY))
    assert taken > 10
    assert int(look(other, TAKE[what] + "\nprint(n)")) == taken


PAIRS = """
import errno, itertools, socket
said = set()
for family, kind in itertools.product(range(48), (1, 2, 3, 5)):
    try:
        socket.socketpair(family, kind)
        said.add((family == socket.AF_UNIX, "made"))
    except OSError as error:
        said.add((family == socket.AF_UNIX, errno.errorcode[error.errno]))
print(sorted(said))
"""
"""The kernel makes both sockets before it finds that a family has no pairs, which it says by EOPNOTSUPP."""


@pytest.mark.parametrize("profile", [AGENT, MODULE], ids=lambda profile: profile.name)
def test_no_pair_of_sockets_is_counted_on_the_whole_machine(
    sealed: str, open_box: Callable[..., Sandbox], profile: Profile
) -> None:
    """How many sockets of TCP there are is told to all, in ``/proc/net/sockstat``: nobody may even ask for two."""
    assert look(open_box(sealed, profile), PAIRS) == "[(False, 'ENETUNREACH'), (True, 'made')]\n"


def test_a_container_has_a_user_of_its_own(open_box: Callable[..., Sandbox]) -> None:
    boxes = [open_box("docker") for _ in range(3)]
    users = [box.run("id -u", LIMITS).text for box in boxes]
    assert len(set(users)) == 3
    assert "1000\n" not in users
    assert [box.run("whoami; echo ~agent; stat -c %U . /tmp /dev/shm", LIMITS).text for box in boxes] == [
        "agent\n/home/agent\nagent\nagent\nagent\n"
    ] * 3


def test_nobody_takes_the_machines_terminals(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    box = open_box(sealed)
    said = box.run("python -c 'import os; os.openpty()'; ls -A /dev/pts; : > /dev/pts/x", LIMITS).text
    assert "FileNotFoundError" in said
    assert "Read-only file system" in said


def test_a_strategys_sandbox_is_never_used_again(open_box: Callable[..., Sandbox]) -> None:
    """Processes are counted on in a wiped sandbox: one strategy would tell the next by how many it started."""
    first = open_box("docker", MODULE)
    count = "echo $(python -c 'import os; print(os.getpid())')"
    fresh = int(first.run(count, LIMITS).text)
    first.run("for i in $(seq 300); do /bin/true; done", LIMITS)
    first.close()
    time.sleep(0.1)
    second = open_box("docker", MODULE)
    assert abs(int(second.run(count, LIMITS).text) - fresh) < 50


def test_sandboxes_that_start_at_once_each_have_their_own(open_box: Callable[..., Sandbox]) -> None:
    """Mount namespaces are made in threads: none may come to have another's."""
    boxes: list[Sandbox] = []
    threads = [threading.Thread(target=lambda: boxes.append(open_box("bubblewrap", AGENT))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, box in enumerate(boxes):
        box.run(f"echo {number} > /tmp/mark; echo {number} > mark; echo {number} > /dev/shm/mark", LIMITS)
    for number, box in enumerate(boxes):
        assert box.run("cat /tmp/mark mark /dev/shm/mark", LIMITS).text.split() == [str(number)] * 3
    assert "lowerdir=/proc/self/fd" not in Path("/proc/self/mountinfo").read_text()
