"""Sandboxes by a container engine: Docker, or Podman through its Docker-compatible socket.

The container's first process is our supervisor, as an unprivileged user, attached over the engine's socket: a step is a
frame there and back, and no command of the engine's. The same stream is the thread that the container hangs by: the
engine closes the supervisor's stdin when the process that started it is gone, in whatever way, and a supervisor without
stdin ends, and its container with it. Labels say whose a container is, should the engine itself have failed at that.

Inside: no network, no capability and no way to get one, a read-only root, a workspace, ``/tmp`` and shared memory with
a size, and a user that other containers have not: the kernel counts some things by user. A reset clears the container
from inside; a closed one is wiped and waits a while for the next of its kind, unless it played what was handed in.
"""

from __future__ import annotations

import contextlib
import itertools
import secrets
import socket
import struct
import time
from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import Any

from typing_extensions import override

from synthgym.base.errors import MissingDependencyError, SandboxError, UserError
from synthgym.envs.sandboxes.backend import Finding
from synthgym.envs.sandboxes.base import WORKSPACE, Setup
from synthgym.envs.sandboxes.bubblewrap.own_mounts import most_files
from synthgym.envs.sandboxes.connection import BrokenLink, Connection
from synthgym.envs.sandboxes.docker import engine, images
from synthgym.envs.sandboxes.owner import Owner
from synthgym.envs.sandboxes.runtime import INSIDE_TOOLS
from synthgym.envs.sandboxes.supervised import SupervisedSandbox, environ, start_command
from synthgym.envs.tools.set_up import AUTHOR, FIRST_USER, USERS
from synthgym.registry.images import how_to_get, is_reference

_COUNTER = itertools.count(secrets.randbelow(USERS))  # so that two processes hardly ever take the same users
_DESCRIPTORS = 1024
_PROCESSES = 4096  # of the user in all containers together; a container's own limit is its group's
# Runtimes that bring a kernel, a program of the host with threads of its own, which the group counts too.
_KERNELS, _OF_KERNEL = ("runsc",), 1024
_FILES = "rw,exec,nosuid,nodev"
_HEADER = struct.Struct(">BxxxL")
_STDERR = 2
_PIECE = 1 << 16
_MOST_SAID = 4000
_END_SECONDS = 20.0
_PYTHON = f"{INSIDE_TOOLS}/python"
# The engine's own list, and below it what tells of other sandboxes: locks, and how many files the machine has in use.
_MASKED = [
    *("/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats"),
    *("/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi"),
    *("/sys/firmware", "/sys/devices/virtual/powercap"),
    *("/proc/locks", "/proc/sys/fs"),
]
# Nothing to be found there: terminals, of which the machine has only so many for all, and queues, which are refused.
_EMPTY = ("/dev/pts", "/dev/mqueue")


class DockerSandbox(SupervisedSandbox):
    """One container."""

    name = "docker"
    argument = "IMAGE"
    isolates = True
    auto = 1
    workspace = WORKSPACE
    pooled = True

    def __init__(self, setup: Setup, argument: str = "") -> None:
        """Finds the image; no container is made before `start`.

        Raises:
            MissingDependencyError: No engine answers, or the image is not there; says what to do.
        """
        self._named = argument
        super().__init__(setup, argument)
        if reason := engine.unavailable():
            raise MissingDependencyError(f"sandbox 'docker': {reason}")
        self._runtime = engine.runtime()
        self._image = images.fit(self.setup.image)
        self._path = f"{INSIDE_TOOLS}/bin:{images.path_of(self._image)}"

    @property
    def setup(self) -> Setup:
        """What it is started with: with the image that was named beside the backend, whatever a challenge asks for."""
        return self._setup

    @setup.setter
    def setup(self, setup: Setup) -> None:
        self._setup = replace(setup, image=self._named) if self._named else setup

    @override
    @classmethod
    def unavailable(cls) -> str | None:
        return engine.unavailable()

    @override
    @classmethod
    def check_argument(cls, argument: str) -> str:
        if not is_reference(argument):
            given = f"{cls.name}:{argument}"
            raise UserError(f"sandbox: expected docker:IMAGE with the name of an image, got {given!r:.200}")
        return argument

    @override
    @classmethod
    def brings_image(cls, argument: str) -> bool:
        return bool(argument)

    @override
    @classmethod
    def lacks_image(cls, image: str) -> str | None:
        reason = engine.unavailable()
        if reason is None and not images.present(image):
            reason = f"the engine does not have the image {image!r}; get it with: {how_to_get(image)}"
        return reason

    @override
    @classmethod
    def how_to_get(cls, image: str) -> str | None:
        return f"for containers, get it with: {how_to_get(image)}"

    @override
    @classmethod
    def examine(cls) -> Iterator[Finding]:
        from synthgym.envs.sandboxes.docker.findings import findings

        yield from findings()

    @override
    @classmethod
    def cleanup(cls) -> dict[str, int]:
        return {"containers": _remove_of_the_dead(), "images": images.prune() if engine.unavailable() is None else 0}

    def _kind_of_sandbox(self) -> Hashable:
        self._image, self._runtime = images.fit(self.setup.image), engine.runtime()
        return super()._kind_of_sandbox(), self._image, engine.address(), self._runtime

    def _environ(self) -> dict[str, str]:
        return {**environ(self._path, "/home/agent", INSIDE_TOOLS, "/tmp", self.setup.image), **self.setup.env}

    def _launch(self, settings: dict[str, Any]) -> DockerConnection:
        settings |= {"workspace": WORKSPACE, "writable": ["/home/agent", "/tmp", "/dev/shm"]}
        # Images are shown with inodes of each container's own; a folder of the host's is the same for all.
        settings["locks"] = self.setup.profile.name != "module" or not self.setup.mounts
        # Data that prepare.py makes may say who made it, as archives do: that is the same wherever it runs.
        user = AUTHOR if self.setup.profile.name == "author" else FIRST_USER + next(_COUNTER) % USERS
        del settings["rlimits"]["RLIMIT_FSIZE"]  # the file systems have a size, and say so in plainer words
        del settings["rlimits"]["RLIMIT_NPROC"]  # counts this user's processes in all containers of the machine
        with engine.answering():
            api = engine.engine().api
            container = api.create_container(
                self._image,
                start_command(_PYTHON, INSIDE_TOOLS, settings),
                entrypoint=[],
                user=f"{user}:{user}",
                hostname="sandbox",
                working_dir="/",
                environment={"PATH": self._path},
                stdin_open=True,
                stop_signal="SIGKILL",  # an engine that is stopped need not wait for it
                labels={engine.LABEL: str(Owner.me()), "synthgym.profile": self.setup.profile.name},
                host_config={**api.create_host_config(**self._host_config(user)), "MaskedPaths": _MASKED},
            )["Id"]
            connection = None
            try:
                streams = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
                connection = DockerConnection(container, api.attach_socket(container, params=streams))
                api.start(container)
            except BaseException:
                remove(container)
                if connection:
                    connection.free()
                raise
        return connection

    def _host_config(self, user: int) -> dict[str, Any]:
        profile = self.setup.profile
        disk = profile.disk_mb << 20
        memory = (profile.memory_mb + 2 * profile.disk_mb) << 20
        limits = {"nofile": _DESCRIPTORS}
        config: dict[str, Any] = {}
        if engine.is_podman():  # it refuses most options of mounts, and asks for more processes than there may be
            limits["nproc"] = _PROCESSES
            own = {"/home/agent": disk, "/tmp": disk // 4}
            tmpfs = {folder: f"{_FILES},size={max(size, 1 << 20)},mode=1777" for folder, size in own.items()}
            config["shm_size"] = max(disk // 4, 1 << 20)
        else:
            tmpfs = dict.fromkeys(_EMPTY, "ro,noexec,nosuid,nodev,size=4k,mode=0755")
            for folder, size in {"/home/agent": disk, "/tmp": disk // 4, "/dev/shm": disk // 4}.items():
                size = max(size, 1 << 20)
                most = f"size={size},nr_inodes={most_files(size)}"
                tmpfs[folder] = f"{_FILES},{most},mode=0755,uid={user},gid={user}"
        if self._runtime:
            config["runtime"] = self._runtime
        config |= {
            "network_mode": "none",
            "ipc_mode": "private",
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges"],
            "read_only": True,
            "tmpfs": tmpfs,
            "mem_limit": memory,
            "memswap_limit": memory,
            "pids_limit": profile.pids + (_OF_KERNEL if self._runtime in _KERNELS else 0),
            "ulimits": [{"Name": name, "Soft": most, "Hard": most} for name, most in limits.items()],
            "nano_cpus": int(profile.cpus * 1e9),
            "auto_remove": True,
            "log_config": {"Type": "none", "Config": {}},
            "binds": {str(outside): {"bind": inside, "mode": "ro"} for inside, outside in self.setup.mounts.items()},
        }
        if profile.gpus:
            config["device_requests"] = [{"Driver": "", "Count": profile.gpus, "Capabilities": [["gpu"]]}]
        return config


class DockerConnection(Connection):
    """A container, attached."""

    def __init__(self, container: str, attached: Any) -> None:
        self.container = container
        self._attached = attached  # the client's own wrapper; it closes the socket when it goes
        self._socket: socket.socket = getattr(attached, "_sock", attached)
        self._coming = bytearray()  # as the engine sends it: pieces of both streams, a header before each
        self._left, self._is_error = 0, False  # of the piece that is being read
        self._output, self._said = bytearray(), bytearray()

    @override
    def send(self, data: memoryview, deadline: float) -> int:
        self._until(deadline)
        try:
            return self._socket.send(data)
        except TimeoutError:
            raise BrokenLink("it did not take its input in time") from None
        except OSError as error:
            raise BrokenLink("it closed its input") from error

    @override
    def receive(self, most: int, deadline: float) -> bytes:
        while not self._output:
            self._until(deadline)
            self._read()
        data = bytes(self._output[:most])
        del self._output[:most]
        return data

    def _until(self, deadline: float) -> None:
        self._socket.settimeout(max(deadline - time.monotonic(), 0.001))

    def _read(self) -> None:
        """Takes what has come, and sorts it."""
        try:
            data = self._socket.recv(_PIECE)
        except TimeoutError:
            raise BrokenLink("it did not answer in time") from None
        except OSError as error:
            raise BrokenLink("it was closed") from error
        if not data:
            raise BrokenLink("it ended")
        self._coming += data
        while self._coming:
            if not self._left:
                if len(self._coming) < _HEADER.size:
                    return
                stream, self._left = _HEADER.unpack_from(self._coming)
                self._is_error = stream == _STDERR
                del self._coming[: _HEADER.size]
            piece = self._coming[: self._left]
            del self._coming[: self._left]
            self._left -= len(piece)
            if self._is_error:
                self._said = (self._said + piece)[-_MOST_SAID:]
            else:
                self._output += piece

    @override
    def last_words(self) -> str:
        said = ""
        with contextlib.suppress(BrokenLink):
            self._until(time.monotonic() + 0.2)
            while True:
                self._read()
        with contextlib.suppress(SandboxError), engine.answering():
            state = engine.engine().api.inspect_container(self.container)["State"]
            said = "it was out of memory; " if state.get("OOMKilled") else ""
        return said + self._said.decode("utf-8", "replace").strip()

    @override
    def kill(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        remove(self.container)

    @override
    def free(self) -> None:
        self.abandon()

    @override
    def abandon(self) -> None:
        self._socket.close()
        with contextlib.suppress(Exception):
            self._attached.close()


def remove(container: str) -> None:
    """Removes a container, running or not, and returns when it is gone. One that is gone already is no error.

    Nor is an engine that does not answer: the container ends with its stdin, and `synthgym cleanup` finds what remains.
    """
    import docker.errors

    deadline = time.monotonic() + _END_SECONDS
    while time.monotonic() < deadline:
        try:
            with engine.answering():
                engine.engine().api.remove_container(container, force=True)
        except SandboxError as error:
            cause = error.__cause__
            if isinstance(cause, docker.errors.APIError) and cause.status_code == 409:  # is being removed
                time.sleep(0.01)
                continue
            return
        return


def _remove_of_the_dead() -> int:
    """Removes containers of processes that are gone; says how many."""
    if engine.unavailable() is not None:
        return 0
    removed = 0
    with engine.answering():
        found = engine.engine().api.containers(all=True, filters={"label": engine.LABEL})
    for container in found:
        owner = Owner.parse(container["Labels"][engine.LABEL])
        if owner and owner.is_gone():
            remove(container["Id"])
            removed += 1
    return removed
