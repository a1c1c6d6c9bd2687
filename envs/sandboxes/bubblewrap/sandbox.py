"""Sandboxes by bubblewrap: namespaces of their own for everything, no engine, no image; about 30 ms to start.

Inside: the host's ``/usr`` read-only without its Python packages, our runtime tree, a workspace and ``/tmp`` in memory
with a size, no network, no capability, no way to get a user namespace (hence none to get a capability back). Started
by root, a sandbox runs as an unprivileged user of the host that no other sandbox shares, its memory and processes
are limited together through cgroups, and what it is shown of the host has inodes of its own (see `own_mounts`); started
by an ordinary user, limits hold process by process, and locks on shared files are seen by other sandboxes.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Hashable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from typing_extensions import override

from synthgym.base.errors import MissingDependencyError, SandboxError
from synthgym.base.json_reading import parse_object
from synthgym.envs.sandboxes import cgroups
from synthgym.envs.sandboxes.backend import Finding
from synthgym.envs.sandboxes.base import WORKSPACE, Setup
from synthgym.envs.sandboxes.bubblewrap.own_mounts import allowed, scratch, with_own_mounts
from synthgym.envs.sandboxes.cgroups import Cgroup
from synthgym.envs.sandboxes.connection import PATH, ProcessConnection, launch
from synthgym.envs.sandboxes.runtime import INSIDE_PYTHON, INSIDE_TOOLS, runtime
from synthgym.envs.sandboxes.supervised import SupervisedSandbox, environ, start_command

_COUNTER = itertools.count()
_FIRST_USER = 0x70000000  # far above any account; with the owner's pid it fits below 2**31

_END_SECONDS = 10.0  # a killed process can hang in the kernel; nobody waits for it for ever

_WRITABLE = {"/home/agent": "home", "/tmp": "tmp", "/dev/shm": "shm"}
"""Folder inside → the name that it is mounted by outside, where this process may mount."""

# The names of the host's keys, and who holds which lock anywhere; a folder where the machine's open files are counted;
# and terminals, of which the machine has only so many for all of its sandboxes.
_TELLTALES, _EMPTIED = ("/proc/keys", "/proc/locks"), ("/proc/sys/fs", "/dev/pts")

_BESIDE = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")  # folders of their own, on systems that did not merge them

_CODE_MB = 1024  # address space that libraries take before they hold anything

INSTALL_HINT = "install it with your system's package manager, for instance: apt-get install bubblewrap util-linux"


@cache
def unavailable() -> str | None:
    """Why bubblewrap cannot be used here, and what to do; None if it can."""
    program = shutil.which("bwrap")
    if program is None:
        return f"the program bwrap is missing; {INSTALL_HINT}"
    probe = [program, *_ISOLATION, "--ro-bind", "/", "/", "true"]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            return f"the program setpriv is missing, by which root becomes another user; {INSTALL_HINT}"
        probe = [*_become(_FIRST_USER), *probe]
    try:
        result = subprocess.run(probe, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bwrap cannot be run: {error}"
    if result.returncode == 0:
        return None
    said = result.stderr.strip()
    if "disable-userns" in said and "nknown option" in said:
        return "this bwrap is too old: version 0.8 or newer is needed, for --disable-userns"
    return (
        f"bwrap does not work here: {said}. User namespaces may be switched off for ordinary users (on Ubuntu 24.04: "
        "sysctl kernel.apparmor_restrict_unprivileged_userns) or by the container this runs in"
    )


def _become(user: int) -> list[str]:
    """Beginning of a command line: as another user. Popen's own way copies this whole process first, models and all."""
    return ["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups"]


_ISOLATION = [
    "--unshare-user",
    "--unshare-all",
    "--cap-drop",
    "ALL",
    "--disable-userns",
    "--new-session",
]


class BubblewrapSandbox(SupervisedSandbox):
    """One bubblewrap sandbox."""

    name = "bubblewrap"
    isolates = True
    auto = 2
    workspace = WORKSPACE

    def __init__(self, setup: Setup, argument: str = "") -> None:
        if reason := unavailable():
            raise MissingDependencyError(f"sandbox 'bubblewrap': {reason}")
        if setup.profile.gpus:
            raise MissingDependencyError(
                f"sandbox 'bubblewrap': the challenge needs {setup.profile.gpus} GPUs, which only containers can be "
                "given; use sandbox='docker'"
            )
        runtime(setup.image)
        super().__init__(setup, argument)

    @override
    @classmethod
    def unavailable(cls) -> str | None:
        return unavailable()

    @override
    @classmethod
    def examine(cls) -> Iterator[Finding]:
        from synthgym.envs.sandboxes.bubblewrap.findings import findings

        yield from findings(unavailable())

    @override
    @classmethod
    def cleanup(cls) -> dict[str, int]:
        return {"control groups": cgroups.sweep()}

    @override
    def _kind_of_sandbox(self) -> Hashable:
        return super()._kind_of_sandbox(), self.setup.image

    def _environ(self) -> dict[str, str]:
        path = f"{INSIDE_TOOLS}/bin:{INSIDE_PYTHON}/bin:/usr/bin:/bin"
        return {**environ(path, "/home/agent", INSIDE_TOOLS, "/tmp", self.setup.image), **self.setup.env}

    def _launch(self, settings: dict[str, Any]) -> BubblewrapConnection:
        profile = self.setup.profile
        settings |= {"workspace": WORKSPACE, "writable": list(_WRITABLE)}
        del settings["rlimits"]["RLIMIT_FSIZE"]  # the file systems have a size, and say so in plainer words
        wrapper: list[str] = []
        cgroup = None
        user = _FIRST_USER + (os.getpid() & 0xFFFF) * 4096 + next(_COUNTER) % 4096
        # What was handed in, played on hidden instances, may not talk to anybody; agents need locks on their own files.
        settings["locks"] = allowed() or profile.name != "module"
        if os.geteuid() == 0:
            wrapper = _become(user)
            self._check_reachable()
            cgroup = Cgroup.create(memory_bytes=(profile.memory_mb + 2 * profile.disk_mb) << 20, pids=profile.pids)
            if cgroup and (counted := cgroup.refusals()) is not None:
                settings["refusals"] = counted
                settings["rlimits"]["RLIMIT_NPROC"] += 1  # the group is to refuse first: it counts that
            settings["clock"] = cgroup.clock() if cgroup else None
        if cgroup is None:  # then shared memory too is limited in each process, at least
            settings["rlimits"]["RLIMIT_AS"] = (profile.memory_mb + _CODE_MB) << 20
        try:
            supervisor = start_command(f"{INSIDE_PYTHON}/bin/python", INSIDE_TOOLS, settings)
            command = [*wrapper, "bwrap", *self.options(allowed())]
            start = partial(_start, command, supervisor, cgroup, _given(settings))
            process = with_own_mounts(self._shared(), self._sizes(), user, start) if allowed() else start()
            return BubblewrapConnection(process, cgroup)
        except BaseException:
            if cgroup:
                cgroup.remove()
            raise
        finally:
            for descriptor in _given(settings):
                os.close(descriptor)

    def options(self, mounted: bool = False) -> list[str]:
        """What bwrap is told: what is isolated, and the file system; with `mounted`, `own_mounts` has been here."""
        tree = runtime(self.setup.image)
        options = [*_ISOLATION, "--as-pid-1", "--uid", "1000", "--gid", "1000", "--hostname", "sandbox", "--clearenv"]
        options += ["--ro-bind", "/usr", "/usr"]
        for folder in _BESIDE:
            if os.path.islink(folder):
                options += ["--symlink", os.readlink(folder), folder]
            elif os.path.isdir(folder):
                options += ["--ro-bind", folder, folder]
        for folder in _masked():
            options += ["--tmpfs", folder]
        options += ["--ro-bind", str(tree.root / "etc"), "/etc"]
        if os.path.isdir("/etc/alternatives"):
            options += ["--ro-bind", "/etc/alternatives", "/etc/alternatives"]
        options += ["--ro-bind", str(tree.root / "python"), INSIDE_PYTHON]
        options += ["--ro-bind", str(tree.root / "tools"), INSIDE_TOOLS]
        if tree.library_dir:
            options += ["--ro-bind", str(tree.root / "libraries"), tree.library_dir]
        options += ["--proc", "/proc", "--dev", "/dev"]
        for folder in _EMPTIED:
            options += ["--perms", "0755", "--tmpfs", folder]
        for file in filter(os.path.exists, _TELLTALES):
            options += ["--ro-bind", "/dev/null", file]
        sizes = self._sizes()
        for folder, name in _WRITABLE.items():
            if mounted:
                options += ["--bind", str(scratch() / name), folder]
            else:
                options += ["--perms", "0755", "--size", str(sizes[name]), "--tmpfs", folder]
        for inside, outside in self.setup.mounts.items():
            options += ["--ro-bind", str(outside), inside]
        for folder in (*_masked(), *_EMPTIED, "/dev", "/"):
            options += ["--remount-ro", folder]
        return [*options, "--chdir", "/"]

    def _sizes(self) -> dict[str, int]:
        """Bytes of each file system that may be written, by its name outside."""
        disk = self.setup.profile.disk_mb << 20
        return {name: max(disk if name == "home" else disk // 4, 1 << 20) for name in _WRITABLE.values()}

    def _shared(self) -> list[str]:
        """Folders of the host that all sandboxes are shown. A setup's own stay as they are: there may be sockets."""
        beside = [folder for folder in _BESIDE if os.path.isdir(folder) and not os.path.islink(folder)]
        alternatives = ["/etc/alternatives"] if os.path.isdir("/etc/alternatives") else []
        return ["/usr", *beside, *alternatives, str(runtime(self.setup.image).root)]

    def _check_reachable(self) -> None:
        """As root the sandbox runs as another user: what is shown to it must be open to others, all the way."""
        for folder in (runtime(self.setup.image).root, *self.setup.mounts.values()):
            for part in (Path(folder), *Path(folder).parents):
                try:
                    closed = not part.stat().st_mode & 0o001
                except OSError as error:
                    raise SandboxError(f"bubblewrap: {folder} cannot be shown to a sandbox: {error}") from error
                if closed:
                    raise SandboxError(
                        f"bubblewrap: {folder} cannot be shown to a sandbox: {part} is closed to other users, and "
                        f"sandboxes started by root run as one; open it (chmod o+x {part}), or set SYNTHGYM_CACHE "
                        "to a folder that is open"
                    )


def _given(settings: dict[str, Any]) -> list[int]:
    """The descriptors that the supervisor inherits."""
    return [settings[name] for name in ("refusals", "clock") if settings[name] is not None]


class BubblewrapConnection(ProcessConnection):
    """bwrap's process, the supervisor that it watches, and their group."""

    def __init__(self, process: subprocess.Popen[bytes], cgroup: Cgroup | None) -> None:
        super().__init__(process)
        self._cgroup = cgroup

    @override
    def kill(self) -> None:
        _kill_both(self.process)

    @override
    def free(self) -> None:
        cgroup, self._cgroup = self._cgroup, None
        super().free()
        if cgroup:
            cgroup.remove()

    @override
    def abandon(self) -> None:
        super().abandon()
        if self._cgroup:
            self._cgroup.abandon()
            self._cgroup = None


@cache
def _masked() -> list[str]:
    """Folders of /usr with other Python packages, and what an administrator put there: data sets, our own package."""
    folders = ["/usr/local", "/usr/src", *map(str, Path("/usr/lib").glob("python3*/dist-packages"))]
    folders += map(str, Path("/usr/lib").glob("python3*/site-packages"))
    return [folder for folder in folders if os.path.isdir(folder)]


def _start(command: list[str], inside: list[str], cgroup: Cgroup | None, kept: list[int]) -> subprocess.Popen[bytes]:
    """Starts `inside` by bwrap, in the group; it inherits the descriptors to be kept.

    bwrap tells which process will be the supervisor, and has it wait until it is in its group. The kernel may take ten
    milliseconds for that; bwrap makes the file system meanwhile.
    """
    with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
        given = {}
        if cgroup:
            # Not a pipe: should this process die just now, writing would kill bwrap, and its other half wait for ever.
            given["--info-fd"] = memory_file()
            given["--block-fd"], going = os.pipe()
            ours.callback(os.close, going)
        for descriptor in given.values():
            theirs.callback(os.close, descriptor)
        options = [part for name, descriptor in given.items() for part in (name, str(descriptor))]
        process = launch(
            [*command, *options, "--", *inside],
            env={"PATH": PATH},
            files=[*given.values(), *kept],
        )
        try:
            if cgroup and (pid := _inside(process, given["--info-fd"])):
                cgroup.add(pid)
        except BaseException:
            _kill_both(process)
            raise
        return process


def _inside(bwrap: subprocess.Popen[bytes], told: int) -> int | None:
    """The process inside, as bwrap tells it; None where bwrap has ended, for a reason that it will tell as well."""
    while bwrap.poll() is None:
        said = os.pread(told, 1000, 0)
        if b"}" in said:
            return int(parse_object(said)["child-pid"])
        time.sleep(0.0003)
    return None


def _kill_both(bwrap: subprocess.Popen[bytes]) -> None:
    """Ends bwrap and, first, the process that it watches: with that one goes everything inside.

    Not left to ``--die-with-parent``: whoever ends bwrap while it sets up leaves the other one waiting for ever. The
    first process of a pid namespace is gone only after all the others are, so waiting for it is waiting for them.
    """
    inside: list[int] = []
    try:
        with contextlib.suppress(OSError):
            for pid in Path(f"/proc/{bwrap.pid}/task/{bwrap.pid}/children").read_text().split():
                inside.append(os.pidfd_open(int(pid)))
                signal.pidfd_send_signal(inside[-1], signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            bwrap.kill()
        bwrap.wait()
        for process in inside:
            gone = select.poll()
            gone.register(process, select.POLLIN)
            gone.poll(_END_SECONDS * 1000)
    finally:
        for process in inside:
            os.close(process)


def memory_file(content: bytes = b"") -> int:
    """A descriptor of a file without a name; the caller closes it."""
    file = os.memfd_create("synthgym")
    os.pwrite(file, content, 0)
    return file
