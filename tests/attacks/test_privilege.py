"""Getting out, or getting more: mounts, namespaces, set-user-id programs, the supervisor, signals, keys."""

from __future__ import annotations

import ctypes
import os
import platform
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from env_fixtures import LIMITS

from synthgym.envs.sandboxes.base import Sandbox


@pytest.fixture
def box(sealed: str, open_box: Callable[..., Sandbox]) -> Sandbox:
    """A sandbox of each kind that seals."""
    return open_box(sealed)


def run(box: Sandbox, command: str) -> str:
    return box.run(command, LIMITS).text


def python(box: Sandbox, script: str) -> str:
    box.write("attack.py", script.encode())
    return run(box, "python attack.py 2>&1")


def test_it_has_no_capability_and_cannot_get_one(box: Sandbox) -> None:
    text = run(box, "grep -E '^(Cap|NoNewPrivs)' /proc/self/status")
    assert int(run(box, "id -u")) >= 1000
    assert text.count("0000000000000000") == 5
    assert "NoNewPrivs:\t1" in text


@pytest.mark.parametrize(
    "command",
    [
        "unshare --user --map-root-user id",
        "unshare --mount true",
        "unshare --net --pid --fork true",
        "unshare --user true",
        "python -c 'import os; os.unshare(os.CLONE_NEWUSER)' 2>/dev/null || setpriv --reuid 0 true",
        "bwrap --ro-bind / / true || exit 1",
        "nsenter --target 1 --mount true",
        "chroot / true",
        "mount -t tmpfs none /tmp",
        "mount --bind /tmp /etc",
        "mount -o remount,rw /usr",
        "mount -o remount,rw,bind /opt/python",
        "umount /opt/python",
        "umount -l /etc",
        "mount -t proc proc /proc",
        "mount -t sysfs sysfs /tmp",
        "pivot_root . .",
        "setpriv --reuid 0 --clear-groups true",
        "su -c true",
        "sudo -n true",
        "passwd -d agent </dev/null",
        "chown 0 .",
        "mknod /tmp/disk b 8 0",
        "swapon /tmp/x",
        "hostname other",
        "date -s 2001-01-01",
        "nice -n -5 sh -c 'exit $(nice | tr -d -)' && exit 1",
        "dmesg",
        "modprobe fuse",
        "losetup -f",
        "echo 1 > /proc/sys/kernel/panic",
        "echo c > /proc/sysrq-trigger",
        "echo -500 > /proc/self/oom_score_adj",
        "echo 1 > /proc/sys/user/max_user_namespaces",
        "cat /proc/kcore > /dev/null",
        "cat /dev/mem",
        "kill -9 1 && kill -0 1 && exit 1",
    ],
)
def test_what_needs_privilege_fails(box: Sandbox, command: str) -> None:
    result = box.run(command, LIMITS)
    assert result.returncode != 0, result.text
    assert run(box, "echo alive").endswith("alive\n")


@pytest.mark.parametrize(
    "path",
    [
        "/planted",
        "/usr/bin/planted",
        "/usr/local/planted",
        "/bin/planted",
        "/lib/planted",
        "/etc/planted",
        "/etc/ld.so.preload",
        "/dev/planted",
        "/home/planted",
        "/proc/planted",
        "/opt/planted",
        "/opt/python/bin/planted",
        "/opt/synthgym/planted",
        "/opt/synthgym/bin/validate",
        "/opt/synthgym/supervisor/main.py",
        "/opt/venv/bin/planted",
        "/opt/python/lib/python3.11/sitecustomize.py",
    ],
)
def test_what_others_rely_on_cannot_be_written(box: Sandbox, path: str) -> None:
    listing = f"stat -c '%n %A' {Path(path).parent}/*"
    before = run(box, listing)
    assert "written" not in run(box, f"chmod 777 {path} $(dirname {path}); echo x > {path} && echo written")
    assert "written" not in run(box, f"touch /tmp/x; mv /tmp/x {path} && echo written")
    assert "written" not in run(box, f"ln -f /bin/true {path} && echo written; rm -rf {path} 2>/dev/null")
    assert path.startswith("/proc") or run(box, listing) == before


def test_hard_linked_packages_of_the_host_cannot_be_changed(box: Sandbox) -> None:
    """The runtime tree may hold the host's own files as hard links: writing through them would be an escape."""
    script = (
        "import os, numpy\n"
        "target = numpy.__file__\n"
        "for act in (lambda: open(target, 'a'), lambda: os.chmod(target, 0o777), lambda: os.utime(target), \n"
        "            lambda: os.truncate(target, 0), lambda: os.rename(target, target + 'x'),\n"
        "            lambda: os.unlink(target), lambda: os.link(target, '/tmp/linked'),\n"
        "            lambda: os.setxattr(target, 'user.x', b'1'),\n"
        "            lambda: os.open('/proc/self/fd/%d' % os.open(target, os.O_RDONLY), os.O_RDWR)):\n"
        "    try: act(); print('done')\n"
        "    except OSError as error: print('refused')\n"
    )
    assert python(box, script).split() == ["refused"] * 9


def test_set_user_id_programs_give_nothing(box: Sandbox) -> None:
    programs = run(box, "find / -xdev -perm /6000 -type f 2>/dev/null").split()
    for program in programs[:20]:
        assert "uid=0" not in run(box, f"{program} -c id; cp {program} /tmp/p && chmod u+s /tmp/p && /tmp/p -c id")
    assert run(box, "cp /bin/bash /tmp/b; chmod 4755 /tmp/b; /tmp/b -p -c 'id -u'") == run(box, "id -u") != "0\n"


SUPERVISOR = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def attempt(name, act):
    try:
        print(name, "DONE" if act() not in (-1, None) else "failed")
    except OSError as error:
        print(name, "failed")
attempt("ptrace attach", lambda: libc.ptrace(16, 1, 0, 0))
attempt("ptrace seize", lambda: libc.ptrace(0x4206, 1, 0, 0))
attempt("mem", lambda: os.open("/proc/1/mem", os.O_RDWR))
attempt("maps", lambda: len(open("/proc/1/maps").read()))
attempt("environ", lambda: len(open("/proc/1/environ").read()))
attempt("cwd", lambda: os.listdir("/proc/1/cwd"))
attempt("root", lambda: os.listdir("/proc/1/root"))
attempt("fds", lambda: os.listdir("/proc/1/fd"))
for fd in range(12):
    attempt(f"fd {fd} read", lambda: os.open(f"/proc/1/fd/{fd}", os.O_RDONLY | os.O_NONBLOCK))
    attempt(f"fd {fd} write", lambda: os.open(f"/proc/1/fd/{fd}", os.O_WRONLY | os.O_NONBLOCK))
class Vec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
buffer = ctypes.create_string_buffer(8)
here, there = Vec(ctypes.addressof(buffer), 8), Vec(id(object), 8)
attempt("vm read", lambda: libc.process_vm_readv(1, ctypes.byref(here), 1, ctypes.byref(there), 1, 0))
attempt("pidfd getfd", lambda: libc.syscall(438, os.pidfd_open(1), 1, 0))
attempt("prlimit", lambda: libc.prlimit(1, 7, ctypes.byref(ctypes.c_uint64(0)), 0))
for number in range(1, 65):
    os.kill(1, number)
print("end")
"""


def test_the_supervisor_cannot_be_traced_read_or_borrowed_from(box: Sandbox) -> None:
    text = python(box, SUPERVISOR)
    assert text.endswith("end\n")
    assert "DONE" not in text, [line for line in text.splitlines() if "DONE" in line]
    assert run(box, "echo alive") == "alive\n"


SHARED = """
import ctypes, os, platform, socket
libc = ctypes.CDLL(None, use_errno=True)
x86 = platform.machine() == "x86_64"
def attempt(name, act):
    try:
        print(name, "DONE" if act() not in (-1, None) else "failed")
    except OSError as error:
        print(name, "failed")
context = ctypes.c_ulong(0)
attempt("aio", lambda: libc.syscall(206 if x86 else 0, 1, ctypes.byref(context)))
attempt("fanotify", lambda: libc.fanotify_init(0, 0))
attempt("fanotify of files", lambda: libc.fanotify_init(0x200, 0))
attempt("shm", lambda: libc.shmget(0, 4096, 0o1600))
attempt("sem", lambda: libc.semget(0, 1, 0o1600))
attempt("msg", lambda: libc.msgget(0, 0o1600))
for which, who in ((0, 1), (1, 0), (1, 1), (2, 0), (2, os.getuid())):
    attempt(f"niceness {which} {who}", lambda: libc.setpriority(which, who, 5))
for which, who in ((1, 1), (2, 0), (2, 1), (3, 0), (3, os.getuid())):
    attempt(f"ioprio {which} {who}", lambda: libc.syscall(251 if x86 else 30, which, who, 16389))
for family in range(46):
    if family != socket.AF_UNIX:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
            attempt(f"socket {family} {kind}", lambda: socket.socket(family, kind).fileno())
print("its own niceness", os.nice(3), os.getpriority(os.PRIO_PROCESS, 0))
print("its own ioprio", libc.syscall(251 if x86 else 30, 1, 0, 16389))
print(socket.socketpair()[0].family.name)
print("end")
"""


def test_what_knows_no_namespace_and_what_reaches_others_is_filtered(box: Sandbox) -> None:
    text = python(box, SHARED)
    assert text.endswith("its own niceness 3 3\nits own ioprio 0\nAF_UNIX\nend\n")
    assert "DONE" not in text, [line for line in text.splitlines() if "DONE" in line]
    assert run(box, "nice; cat /proc/1/stat | cut -d' ' -f19") == "0\n0\n"


def test_killing_everything_leaves_the_sandbox_alive(box: Sandbox) -> None:
    for command in ("kill -9 -1", "python -c 'import os; os.kill(-1, 9)'", "kill -9 -1; kill -9 $$", "kill -9 1 0"):
        box.run(command, LIMITS)
    assert run(box, "echo alive") == "alive\n"


def test_the_shells_own_pipes_spoil_ones_own_step_only(box: Sandbox) -> None:
    """The status pipe and the command file belong to the shell, which is the agent's: so is the loss by a lie there."""
    for command in (
        "(sleep 0.1; for fd in 10 11 12; do echo 42 > /proc/$PPID/fd/$fd; done) & sleep 0.3",
        "for fd in 10 11 12; do echo nonsense > /proc/$$/fd/$fd; done; sleep 0.1",
        "head -c 100000 /dev/urandom > /proc/$$/fd/10",
        "printf '\\0nonsense\\n' > /proc/$$/fd/10",
        "cat /proc/$$/fd/11 & sleep 0.1; kill %1",
    ):
        box.run(command, LIMITS)
    box.run("exit", LIMITS)
    assert run(box, "echo alive").endswith("alive\n")


KEYRINGS = """
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
keyctl, request_key = 250, 249
for ring in (-1, -2, -3, -4, -5):
    found = libc.syscall(keyctl, 10, ring, b"user", b"synthgym-test-canary", 0)
    if found >= 0:
        buffer = ctypes.create_string_buffer(100)
        print("FOUND", ring, libc.syscall(keyctl, 11, found, buffer, 100), buffer.value)
found = libc.syscall(request_key, b"user", b"synthgym-test-canary", 0, 0)
print("request", "FOUND" if found >= 0 else "nothing")
"""


@pytest.fixture
def key() -> Iterator[None]:
    """A key in the session keyring of this thread's process, where there are keyrings."""
    if platform.machine() != "x86_64":
        pytest.skip("the numbers of the system calls are x86_64's")
    libc = ctypes.CDLL(None, use_errno=True)
    number = libc.syscall(248, b"user", b"synthgym-test-canary", b"secret", 6, -3)
    if number < 0:
        pytest.skip(f"no keyrings here: {os.strerror(ctypes.get_errno())}")
    yield
    libc.syscall(250, 3, number)


def test_the_hosts_keys_are_not_the_agents(key: None, box: Sandbox) -> None:
    text = python(box, KEYRINGS)
    assert "request nothing" in text
    assert "FOUND" not in text
    assert "synthgym-test-canary" not in run(box, "cat /proc/keys")


def test_the_device_folder_has_harmless_devices_only(box: Sandbox) -> None:
    names = set(run(box, "ls /dev").split())
    assert names <= {
        "null", "zero", "full", "random", "urandom", "tty", "console", "ptmx", "pts", "shm", "fd", "stdin", "stdout",
        "stderr", "core", "mqueue",
    }  # fmt: skip
    assert not Path("/dev/kvm").exists() or "kvm" not in names
