"""Sandboxes by any deployment of swe-rex: Docker, a remote server, Modal, Fargate, Daytona, …; ``swerex:CONFIG.yaml``.

swe-rex runs programs inside and gives back what they printed; it has no pipe that stays open. So the supervisor is kept
by a relay inside (`synthgym.envs.tools.relay`), and an exchange with it is one short program: a step costs one such
call, not a terminal session with its waits. The isolation is the deployment's. On top of it, where the deployment runs
as root: commands run as a user of their own, without a network, without the rights to what serves them, and a reset
clears all that this user left. Where it does not run as root, commands are the same user as the server that runs them.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import os
import tempfile
import threading
import time
import uuid
from collections.abc import Coroutine, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from typing_extensions import override

from synthgym.base.errors import MissingDependencyError, SandboxError, UserError
from synthgym.base.validation import first_problem
from synthgym.envs.sandboxes.backend import Finding
from synthgym.envs.sandboxes.base import Setup
from synthgym.envs.sandboxes.connection import BrokenLink, Connection
from synthgym.envs.sandboxes.docker.engine import LABEL
from synthgym.envs.sandboxes.owner import Owner
from synthgym.envs.sandboxes.runtime import TOOLS
from synthgym.envs.sandboxes.supervised import SupervisedSandbox, environ, start_command
from synthgym.registry.yaml_reading import parse_yaml

Result = TypeVar("Result")

_INSTALL = "install it with: pip install 'synthgym[swerex]'"
_LEASE = 90.0  # seconds without a word after which the inside takes the host for dead
_POLL = 1.0  # seconds that one exchange waits: a server of swe-rex does nothing else meanwhile
_START = 300.0  # seconds a deployment may take to come up: machines in a cloud
_CALL = 60.0
_RENEW, _END = -1.0, -2.0  # what `talk` takes for seconds to wait: to renew the lease, to end all
_MOST_ARGUMENTS = 60_000  # bytes in base64 on a command line; more goes as a file
_USER = 64_123  # of commands, where the deployment runs as root: one that owns nothing


class SwerexSandbox(SupervisedSandbox):
    """One deployment, started for this sandbox and stopped with it."""

    name = "swerex"
    argument = "CONFIG.yaml"
    needs_argument = True
    shares_folders = False

    def __init__(self, setup: Setup, argument: str = "") -> None:
        """Reads the deployment's configuration; nothing is started before `start`.

        Raises:
            UserError: The file cannot be read, or is no configuration of a deployment.
            MissingDependencyError: swe-rex is not installed.
        """
        super().__init__(setup, argument)
        self._config = load_config(Path(argument))
        self._environment: dict[str, str] = {}
        self._places: dict[str, str] = {}  # of the mounts, by the paths they were asked for at

    @override
    @classmethod
    def unavailable(cls) -> str | None:
        return None if find_spec("swerex") else f"the package 'swe-rex' is not installed; {_INSTALL}"

    @override
    @classmethod
    def check_argument(cls, argument: str) -> str:
        return str(Path(argument).absolute())

    @override
    @classmethod
    def brings_image(cls, argument: str) -> bool:
        return True

    @override
    @classmethod
    def lacks_image(cls, image: str) -> str | None:
        return None

    @override
    @classmethod
    def examine(cls) -> Iterator[Finding]:
        if cls.unavailable() is None:
            yield Finding("swe-rex", "works", "installed")
        else:
            yield Finding("swe-rex", "missing", "not installed", "for its deployments: pip install 'synthgym[swerex]'")

    def _environ(self) -> dict[str, str]:
        given = {name: self._places.get(value, value) for name, value in self.setup.env.items()}
        return {**self._environment, **given}

    def _launch(self, settings: dict[str, Any]) -> SwerexConnection:
        config = self._config
        if getattr(config, "type", "") == "docker":  # so that `synthgym cleanup` finds what a killed process leaves
            label = f"{LABEL}={Owner.me()}"
            config = config.model_copy(update={"docker_args": [*config.docker_args, "--label", label]})
        connection = SwerexConnection(config)
        try:
            inside = connection.prepare(self.setup)
            self.workspace, root = inside["workspace"], inside["root"] == "yes"
            settings |= {
                "workspace": self.workspace,
                "writable": [inside["home"], inside["tmp"]],
                "shared": ["/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue"] if root else [],
                "user": _USER if root else None,
                "network": False,
            }
            if not root:
                del settings["rlimits"]["RLIMIT_NPROC"]  # the server's own processes count
                settings["pids"] = None
            path = f"{inside['tools']}/bin:{inside['path']}"
            self._environment = environ(path, inside["home"], inside["tools"], inside["tmp"], self.setup.image)
            self._places = {path: inside[f"mount:{path}"] for path in self.setup.mounts}
            connection.serve(settings)
        except BaseException:
            connection.end()
            raise
        return connection


class SwerexConnection(Connection):
    """A deployment, and the relay in it that holds the supervisor."""

    def __init__(self, config: Any) -> None:
        self._loop = _Loop()
        self._deployment: Any = self._loop.wait(_made(config), _START)  # an AbstractDeployment
        self._folder = self._python = ""
        self._going, self._coming = bytearray(), bytearray()
        self._words = ""
        self._last = time.monotonic()
        self._ended, self._ending = threading.Event(), threading.Lock()
        try:
            self._loop.wait(self._deployment.start(), _START)
        except BaseException:
            self.end()
            raise

    def prepare(self, setup: Setup) -> dict[str, str]:
        """Brings our programs and the mounts in; returns what is where inside."""
        self._folder = self._shell("mktemp -d /tmp/synthgym-XXXXXXXX").strip()
        self._upload(TOOLS, f"{self._folder}/tools")
        said = self._shell(
            f"exec $(command -v python3 || echo python) -IS {self._folder}/tools/set_up.py {self._folder} {_USER}"
        )
        inside: dict[str, str] = parse_yaml(said)
        self._python = inside["python"]
        for number, (path, source) in enumerate(setup.mounts.items()):
            place = path if inside["root"] == "yes" else f"{self._folder}/mount-{number}"
            self._upload(source, place)
            inside[f"mount:{path}"] = place
        return inside

    def serve(self, settings: dict[str, Any]) -> None:
        """Starts the supervisor."""
        supervisor = start_command(self._python, f"{self._folder}/tools", settings)
        relay = f"{self._folder}/tools/relay.py"
        self._run([self._python, "-IS", relay, "serve", f"{self._folder}/relay", str(_LEASE), *supervisor])
        threading.Thread(target=self._renew_lease, name="synthgym-lease", daemon=True).start()

    # -- bytes -------------------------------------------------------------------------------------------------------

    @override
    def send(self, data: memoryview, deadline: float) -> int:
        self._going += data  # goes with the next exchange
        return len(data)

    @override
    def receive(self, most: int, deadline: float) -> bytes:
        while not self._coming:
            left = deadline - time.monotonic()
            if left <= 0:
                raise BrokenLink("it did not answer in time")
            self._exchange(min(_POLL, left))
        data = bytes(self._coming[:most])
        del self._coming[:most]
        return data

    def _exchange(self, seconds: float) -> None:
        text = base64.b64encode(self._going).decode()
        self._going.clear()
        if len(text) > _MOST_ARGUMENTS:
            given = ["@" + self._upload_bytes(base64.b64decode(text))]
        else:
            given = [text] if text else []
        try:
            said = self._talk(seconds, *given)
        except SandboxError as error:
            raise BrokenLink(str(error)) from error
        try:
            data = base64.b64decode(said[1:], validate=True)
        except binascii.Error:
            raise BrokenLink(f"an answer that no relay gives: {said[:80]!r}") from None
        if not said.startswith("+"):
            self._words = data.decode("utf-8", "replace").strip()
            raise BrokenLink("it ended")
        self._coming += data

    def _talk(self, seconds: float, *given: str) -> str:
        self._last = time.monotonic()
        relay = [self._python, "-IS", f"{self._folder}/tools/relay.py", "talk", f"{self._folder}/relay", str(seconds)]
        return self._run([*relay, *given])

    def _renew_lease(self) -> None:
        """Says now and then that the host lives, however long an agent thinks."""
        while not self._ended.wait(_LEASE / 6):
            if time.monotonic() - self._last > _LEASE / 4:
                with contextlib.suppress(SandboxError):
                    self._talk(_RENEW)

    @override
    def last_words(self) -> str:
        return self._words

    # -- the end -----------------------------------------------------------------------------------------------------

    @override
    def kill(self) -> None:
        with self._ending:  # whoever comes second waits until it is done: the loop ends thereafter
            if not self._ended.is_set():
                self._ended.set()
                self._end_inside()
                with contextlib.suppress(SandboxError):
                    self._loop.wait(self._deployment.stop(), _CALL)

    def _end_inside(self) -> None:
        with contextlib.suppress(SandboxError):
            if self._python:
                self._talk(_END)
        with contextlib.suppress(SandboxError):
            if self._folder:
                self._shell(f"rm -rf {self._folder}")

    @override
    def free(self) -> None:
        self._loop.stop()

    @override
    def abandon(self) -> None:
        self._ended.set()  # the loop's thread, and the one that renews the lease, did not come along

    # -- programs inside ---------------------------------------------------------------------------------------------

    def _shell(self, script: str) -> str:
        return self._run(["/bin/sh", "-c", script])

    def _run(self, command: list[str]) -> str:
        from swerex.runtime.abstract import Command

        response = self._loop.wait(self._deployment.runtime.execute(Command(command=command)), _CALL)
        if response.exit_code != 0:
            raise SandboxError(f"swerex: {command[-1][:200]!r} failed inside: {response.stderr[-800:].strip()}")
        return str(response.stdout)

    def _upload(self, source: Path, target: str) -> None:
        from swerex.runtime.abstract import UploadRequest

        self._loop.wait(
            self._deployment.runtime.upload(UploadRequest(source_path=str(source), target_path=target)), _START
        )

    def _upload_bytes(self, data: bytes) -> str:
        target = f"{self._folder}/relay/{uuid.uuid4().hex}"
        with tempfile.NamedTemporaryFile(prefix="synthgym-") as file:
            file.write(data)
            file.flush()
            self._upload(Path(file.name), target)
        return target


def load_config(path: Path) -> Any:
    """A deployment's configuration from a YAML file: ``type: docker``, then the fields of swe-rex's own config class.

    Raises:
        UserError: The file cannot be read, or is no such configuration.
        MissingDependencyError: swe-rex is not installed.
    """
    os.environ.setdefault("SWE_REX_LOG_STREAM_LEVEL", "ERROR")  # it logs each call to the terminal
    try:
        from swerex.deployment import config
    except ImportError:
        raise MissingDependencyError(f"sandbox 'swerex': the package 'swe-rex' is not installed; {_INSTALL}") from None
    try:
        given = parse_yaml(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UserError(f"sandbox 'swerex': the configuration {path} cannot be read: {error}") from error
    kinds = {
        name.removesuffix("DeploymentConfig").lower(): name for name in dir(config) if name.endswith("DeploymentConfig")
    }
    kinds.pop("", None)
    kind = given.pop("type", None) if isinstance(given, dict) else None
    if kind not in kinds:
        raise UserError(f"{path}: expected a mapping with type: one of {', '.join(sorted(kinds))}; got {kind!r}")
    try:
        return getattr(config, kinds[kind])(**given)
    except (ValidationError, TypeError) as error:
        why = first_problem(error) if isinstance(error, ValidationError) else error
        raise UserError(f"{path}: no configuration of a swe-rex deployment of type {kind!r}: {why}") from error


async def _made(config: Any) -> Any:
    """A deployment; some want to be made where a loop runs."""
    return config.get_deployment()


class _Loop:
    """swe-rex is asynchronous, and blocks its loop while a container starts: so each deployment has its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="synthgym-swerex", daemon=True)
        self._thread.start()

    def wait(self, work: Coroutine[Any, Any, Result], seconds: float) -> Result:
        """Has `work` done, and waits for it.

        Raises:
            SandboxError: It failed, or took too long.
        """
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(seconds)
        except Exception as error:
            future.cancel()
            raise SandboxError(f"swerex: {type(error).__name__}: {error}") from error

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_CALL)
        if not self._loop.is_running():
            self._loop.close()
