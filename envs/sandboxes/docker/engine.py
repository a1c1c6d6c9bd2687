"""The container engine: Docker, or Podman through its Docker-compatible socket; found as `docker` itself finds it."""

from __future__ import annotations

import atexit
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from synthgym.base.errors import MissingDependencyError, SandboxError, SynthgymError

if TYPE_CHECKING:
    import docker

LABEL = "synthgym.owner"
"""Label of every container: the process that made it, as `Owner` writes it."""

RUNTIME_VARIABLE = "SYNTHGYM_DOCKER_RUNTIME"
"""Names the engine's runtime that containers are to be run by: ``runsc`` is gVisor, a kernel for each of them."""

_TIMEOUT = 120  # seconds for one answer of the engine, which may be busy with many containers

_CONNECTIONS = 64  # that are kept; more are made where more threads ask at once

INSTALL_HINT = (
    "start Docker (Debian, Ubuntu: sudo apt-get install docker.io; sudo systemctl start docker), or name another "
    "engine's socket: export DOCKER_HOST=unix:///run/podman/podman.sock"
)


def unavailable() -> str | None:
    """Why no engine can be used here, and what to do; None if one answers."""
    if not os.environ.get("DOCKER_HOST") and not os.path.exists("/var/run/docker.sock"):
        return f"no container engine: there is no /var/run/docker.sock and DOCKER_HOST is not set; {INSTALL_HINT}"
    try:
        with answering():
            engine().ping()
    except (SandboxError, MissingDependencyError) as error:
        return str(error)
    return None


def engine() -> docker.DockerClient:
    """A client for the engine, one for this process.

    Raises:
        SandboxError: There is none, or it may not be used.
    """
    with answering():
        return _client(os.getpid(), os.environ.get("DOCKER_HOST", ""))


@cache
def _client(pid: int, host: str) -> docker.DockerClient:  # a connection must not be shared with a forked process
    try:
        import docker
    except ImportError:
        raise MissingDependencyError(
            "the package 'docker' is not installed; install it with: pip install docker"
        ) from None
    client = docker.from_env(timeout=_TIMEOUT)
    _pool_once(client)
    atexit.register(client.close)
    return client


def _pool_once(client: docker.DockerClient) -> None:
    """Lets all requests over a socket share one pool of connections, which stays as long as the client.

    docker-py makes a pool for each path that is asked for, and closes the oldest of many even while threads use them:
    one may then fail with an ``AttributeError`` of urllib3's. With one pool, requests also find connections.
    """
    from docker.transport import UnixHTTPAdapter

    class OnePool(UnixHTTPAdapter):
        def get_connection(self, url: str | bytes, proxies: Any = None) -> Any:
            return super().get_connection(prefix, proxies)

    prefix, old = "http+docker://", client.api.adapters.get("http+docker://")
    if isinstance(old, UnixHTTPAdapter):
        new = OnePool(f"http+unix://{old.socket_path}", old.timeout, max_pool_size=_CONNECTIONS)
        client.api.mount(prefix, new)


@contextmanager
def answering() -> Iterator[None]:
    """Turns what the client raises when the engine does not do what it is asked into a `SandboxError`."""
    try:
        yield
    except SynthgymError:
        raise
    except Exception as error:
        said = _said(error)
        if said is None:
            raise
        raise SandboxError(f"docker: {said}") from error


def _said(error: Exception) -> str | None:
    """What is wrong, where an error is the engine's; else None."""
    import docker.errors
    import requests.exceptions
    import urllib3.exceptions

    if isinstance(error, docker.errors.APIError):
        return str(error.explanation or error)
    kinds = (docker.errors.DockerException, requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError)
    if not isinstance(error, kinds):
        return None
    reason = _system_error(error)
    if reason is not None and reason.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN):
        return f"there is no room here for another container: {reason.strerror}"
    if reason is not None and reason.errno in (errno.EACCES, errno.EPERM):
        return (
            f"this user may not use the engine at {address()}: add the user to the group 'docker' "
            "(sudo usermod -aG docker $USER, then log in again)"
        )
    return f"the engine at {address()} does not answer ({error}); {INSTALL_HINT}"


def _system_error(error: BaseException | None) -> OSError | None:
    """The system's own error that began it."""
    seen = None
    while error is not None:
        if isinstance(error, OSError) and error.errno is not None:
            seen = error
        error = error.__cause__ or error.__context__
    return seen


def address() -> str:
    """Where the engine is."""
    return os.environ.get("DOCKER_HOST") or "/var/run/docker.sock"


def is_podman() -> bool:
    """Whether it is Podman, which is not like Docker in everything."""
    return _is_podman(address())


@cache
def _is_podman(address: str) -> bool:
    return "podman" in describe()["name"].lower()


def runtime() -> str | None:
    """The runtime that `RUNTIME_VARIABLE` asks for; None for the engine's own choice.

    Raises:
        MissingDependencyError: The engine does not know it.
    """
    name = os.environ.get(RUNTIME_VARIABLE, "")
    if name and name not in (known := _runtimes(address())):
        raise MissingDependencyError(
            f"{RUNTIME_VARIABLE}={name}: the engine at {address()} has no such runtime; it has {', '.join(known)}. "
            'Name it under "runtimes" in the engine\'s daemon.json, and restart the engine'
        )
    return name or None


@cache
def _runtimes(address: str) -> tuple[str, ...]:
    return tuple(describe()["runtimes"])


def describe() -> dict[str, Any]:
    """Name, version and abilities of the engine, for `synthgym doctor`."""
    with answering():
        version, info = engine().version(), engine().info()
    name = next((part["Name"] for part in version.get("Components", ())), "Engine")
    return {
        "name": name if "podman" in name.lower() else f"Docker {name}",
        "version": version.get("Version", ""),
        "api": version.get("ApiVersion", ""),
        "storage": info.get("Driver", ""),
        "cgroups": info.get("CgroupVersion", ""),
        "runtimes": sorted(info.get("Runtimes") or ()),
        "rootless": any("rootless" in option for option in info.get("SecurityOptions") or ()),
    }
