"""Our sandboxes for code written for swe-rex: a deployment, and the runtime it gives.

    deployment = SandboxDeployment("bubblewrap")
    await deployment.start()
    await deployment.runtime.create_session(CreateBashSessionRequest())
    await deployment.runtime.run_in_session(BashAction(command="ls"))

What differs from swe-rex's own: there is one session, the sandbox's shell; a program's end ends its command, so there
is nothing to expect on a terminal, and interactive programs are refused; output is cut in the middle beyond a limit.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import shlex
import uuid
from pathlib import Path
from typing import Any

from swerex.deployment.abstract import AbstractDeployment
from swerex.deployment.hooks.abstract import CombinedDeploymentHook, DeploymentHook
from swerex.exceptions import (
    CommandTimeoutError,
    DeploymentNotStartedError,
    NonZeroExitCodeError,
    SessionDoesNotExistError,
    SessionExistsError,
    SwerexException,
)
from swerex.runtime.abstract import (
    AbstractRuntime,
    BashAction,
    BashInterruptAction,
    BashObservation,
    CloseBashSessionRequest,
    CloseBashSessionResponse,
    CloseResponse,
    Command,
    CommandResponse,
    CreateBashSessionRequest,
    CreateBashSessionResponse,
    IsAliveResponse,
    ReadFileRequest,
    ReadFileResponse,
    UploadRequest,
    UploadResponse,
    WriteFileRequest,
    WriteFileResponse,
)

from synthgym.base import messages
from synthgym.base.errors import SandboxError
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.archive import pack
from synthgym.envs.sandboxes.base import CommandResult, Limits, Profile, Sandbox, Setup

_NO_LIMIT = 24 * 3600.0
_MOST_OUTPUT = 1 << 20
_MOST_FILE = 256 << 20


class SandboxRuntime(AbstractRuntime):
    """A started sandbox as a runtime. Calls wait for each other, but for an interrupt."""

    def __init__(self, sandbox: Sandbox, logger: logging.Logger | None = None) -> None:
        """Takes a sandbox that was started; `close` ends it."""
        self.logger = logger or messages.logger("synthgym.swerex")
        self._box = sandbox
        self._session: str | None = None

    async def is_alive(self, *, timeout: float | None = None) -> IsAliveResponse:
        """Runs nothing where nothing has to be said: asks the sandbox for a sign of life."""
        try:
            await self._run("true", timeout)
        except (SandboxError, CommandTimeoutError) as error:
            return IsAliveResponse(is_alive=False, message=str(error))
        return IsAliveResponse(is_alive=True)

    async def create_session(self, request: CreateBashSessionRequest) -> CreateBashSessionResponse:
        """Opens the sandbox's shell as a session of that name."""
        if self._session is not None:
            raise SessionExistsError(f"session {self._session!r} is open, and a sandbox has one shell")
        self._session = request.session
        output = ""
        for path in request.startup_source:
            output += (await self._run(f"source {shlex.quote(path)}", request.startup_timeout)).text
        return CreateBashSessionResponse(output=output)

    async def run_in_session(self, action: BashAction | BashInterruptAction) -> BashObservation:
        """Runs a command in the shell, or interrupts the one that runs."""
        if action.session != self._session:
            raise SessionDoesNotExistError(f"session {action.session!r} does not exist")
        if isinstance(action, BashInterruptAction):
            await asyncio.to_thread(self._box.interrupt)
            return BashObservation(exit_code=0)
        if action.is_interactive_command or action.is_interactive_quit or action.expect:
            raise SwerexException("a sandbox of synthgym has no terminal: interactive programs and expect do not work")
        result = await self._run(action.command, action.timeout)
        code = None if action.check == "ignore" else result.returncode
        if action.check == "raise" and code != 0:
            about = f"{action.error_msg}: " if action.error_msg else ""
            raise NonZeroExitCodeError(f"{about}{action.command!r} failed with exit code {code}: {result.text}")
        return BashObservation(output=result.text, exit_code=code)

    async def close_session(self, request: CloseBashSessionRequest) -> CloseBashSessionResponse:
        """Ends the shell, with its variables; files stay."""
        if request.session != self._session:
            raise SessionDoesNotExistError(f"session {request.session!r} does not exist")
        self._session = None
        await self._run("exit", None)
        return CloseBashSessionResponse()

    async def execute(self, command: Command) -> CommandResponse:
        """Runs a command apart from the session, in the workspace."""
        script = command.command if command.shell and isinstance(command.command, str) else None
        if script is None:
            words = [command.command] if isinstance(command.command, str) else command.command
            script = shlex.join(words)
        variables = [f"{name}={value}" for name, value in (command.env or {}).items()]
        inner = shlex.join(["env", *variables, "/bin/bash", "-c", script])
        errors = f"/tmp/.stderr-{uuid.uuid4().hex}"
        streams = "2>&1" if command.merge_output_streams else f"2>{errors}"
        folder = shlex.quote(command.cwd or self._box.workspace)
        result = await self._run(f"( cd {folder} && exec {inner} ) {streams}", command.timeout)
        said = ""
        if not command.merge_output_streams:
            said = (await self._run(f"cat {errors}; rm -f {errors}", None)).text
        if command.check and result.returncode != 0:
            about = f"{command.error_msg}: " if command.error_msg else ""
            raise NonZeroExitCodeError(f"{about}{command.command!r} failed with exit code {result.returncode}: {said}")
        return CommandResponse(stdout=result.text, stderr=said, exit_code=result.returncode)

    async def read_file(self, request: ReadFileRequest) -> ReadFileResponse:
        """Reads a file as text."""
        result = await self._run(f"base64 -w0 -- {shlex.quote(request.path)}", None, _MOST_FILE * 2)
        if result.returncode != 0:
            raise FileNotFoundError(result.text.strip())
        data = base64.b64decode(result.output)
        return ReadFileResponse(content=data.decode(request.encoding or "utf-8", request.errors or "strict"))

    async def write_file(self, request: WriteFileRequest) -> WriteFileResponse:
        """Writes a file, and makes the folders it is in."""
        await self._place(request.content.encode(), request.path)
        return WriteFileResponse()

    async def upload(self, request: UploadRequest) -> UploadResponse:
        """Copies a file or a folder of this machine into the sandbox."""
        source = Path(request.source_path)
        if source.is_dir():
            archive, target = f"/tmp/.upload-{uuid.uuid4().hex}", shlex.quote(request.target_path)
            await self._place(await asyncio.to_thread(pack, source), archive)
            await self._checked(f"mkdir -p {target} && tar -xf {archive} -C {target} && rm {archive}")
        else:
            await self._place(source.read_bytes(), request.target_path)
        return UploadResponse()

    async def close(self) -> CloseResponse:
        """Ends the sandbox."""
        await asyncio.to_thread(self._box.close)
        return CloseResponse()

    async def _place(self, data: bytes, path: str) -> None:
        name = f".upload-{uuid.uuid4().hex}"
        await asyncio.to_thread(self._box.write, name, data)
        workspace, made, target = map(shlex.quote, (self._box.workspace, f"{self._box.workspace}/{name}", path))
        await self._checked(f'cd {workspace} && mkdir -p "$(dirname {target})" && mv {made} {target}')

    async def _checked(self, script: str) -> None:
        result = await self._run(f"( {script} )", None)
        if result.returncode != 0:
            raise SwerexException(result.text.strip())

    async def _run(self, command: str, timeout: float | None, most: int = _MOST_OUTPUT) -> CommandResult:
        seconds = _NO_LIMIT if timeout is None else timeout
        limits = Limits(cpu_seconds=_NO_LIMIT, wall_seconds=seconds, output_bytes=most, raw_output=True)
        result = await asyncio.to_thread(self._box.run, command, limits)
        if result.timeout:
            raise CommandTimeoutError(f"timeout after {seconds:g} seconds while running {command!r}")
        return result


class SandboxDeployment(AbstractDeployment):
    """A sandbox of synthgym as a deployment of swe-rex."""

    def __init__(self, sandbox: str = "auto", setup: Setup | None = None, logger: logging.Logger | None = None) -> None:
        """Names the sandbox, as `gym.make` takes it; nothing is started before `start`."""
        self.logger = logger or messages.logger("synthgym.swerex")
        self._name, self._setup = sandbox, setup or Setup(Profile("agent"))
        self._hooks = CombinedDeploymentHook()
        self._runtime: SandboxRuntime | None = None

    def add_hook(self, hook: DeploymentHook) -> None:
        """Has a hook told of each step of the start."""
        self._hooks.add_hook(hook)

    async def is_alive(self, *, timeout: float | None = None) -> IsAliveResponse:
        """Whether the sandbox runs."""
        return await self.runtime.is_alive(timeout=timeout)

    async def start(self, *args: Any, **kwargs: Any) -> None:
        """Starts the sandbox."""
        self._hooks.on_custom_step("Starting runtime")
        box = await asyncio.to_thread(open_sandbox, self._name, self._setup)
        await asyncio.to_thread(box.start)
        self._runtime = SandboxRuntime(box, self.logger)

    async def stop(self, *args: Any, **kwargs: Any) -> None:
        """Ends the sandbox."""
        if self._runtime is not None:
            await self._runtime.close()
            self._runtime = None

    @property
    def runtime(self) -> SandboxRuntime:
        """The runtime, once it was started."""
        if self._runtime is None:
            raise DeploymentNotStartedError
        return self._runtime
