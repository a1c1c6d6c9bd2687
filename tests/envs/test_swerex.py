"""swe-rex, both ways: its deployments as our sandboxes, and ours for code written for it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import swerex_image
import yaml
from env_fixtures import AGENT, LIMITS, needs

pytest.importorskip("swerex")

from swerex.exceptions import CommandTimeoutError, NonZeroExitCodeError, SessionDoesNotExistError, SessionExistsError
from swerex.runtime.abstract import (
    AbstractRuntime,
    BashAction,
    BashInterruptAction,
    CloseBashSessionRequest,
    Command,
    CreateBashSessionRequest,
    ReadFileRequest,
    UploadRequest,
    WriteFileRequest,
)

from synthgym.base.errors import SandboxError, UserError
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import Sandbox, Setup
from synthgym.envs.sandboxes.docker import engine
from synthgym.envs.sandboxes.owner import Owner
from synthgym.envs.sandboxes.swerex.deployment import SandboxDeployment
from synthgym.envs.sandboxes.swerex.sandbox import load_config


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("type: nowhere", "expected a mapping with type"),
        ("- a list", "expected a mapping with type"),
        ("type: docker\nimages: x", "images"),
        ("type: remote", "auth_token"),
        ("type: [", "cannot be read"),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "config.yaml").write_text(text)
    with pytest.raises(UserError, match=said):
        open_sandbox(f"swerex:{tmp_path / 'config.yaml'}", Setup(AGENT))


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "docker", "image": "python:3.12", "docker_args": ["--memory", "1g"]},
        {"type": "modal", "image": "python:3.12", "runtime_timeout": 120.0},
        {"type": "fargate", "image": "python:3.12", "cluster_name": "mine"},
        {"type": "remote", "host": "http://10.0.0.1", "port": 8000, "auth_token": "x"},
        {"type": "daytona", "image": "python:3.12", "target": "eu"},
        {"type": "local"},
    ],
)
def test_every_kind_of_deployment_is_read_from_its_file(tmp_path: Path, fields: dict[str, Any]) -> None:
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(fields))
    config = load_config(tmp_path / "config.yaml")
    assert type(config).__name__.lower() == f"{fields['type']}deploymentconfig"
    assert {name: getattr(config, name) for name in fields if name != "type"} == {
        name: value for name, value in fields.items() if name != "type"
    }


def test_a_server_that_is_not_there_is_a_typed_error(tmp_path: Path) -> None:
    config = {"type": "remote", "host": "http://127.0.0.1", "port": 9, "auth_token": "x"}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config))
    with pytest.raises(SandboxError, match="swerex"):
        open_sandbox(f"swerex:{tmp_path / 'config.yaml'}", Setup(AGENT)).start()


def test_commands_have_no_network_and_cannot_reach_the_server(open_box: Callable[..., Sandbox]) -> None:
    box = open_box("swerex")
    script = """python -c "
import socket
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK):
    try:
        socket.socket(family)
        print('a socket')
    except OSError as error:
        print(error.strerror)
socket.socketpair()
" """
    assert box.run(script, LIMITS).text == "Network is unreachable\n" * 3


@pytest.fixture(scope="session")
def image() -> str:
    """An image with swe-rex's server."""
    needs("docker")
    return swerex_image.build()


@pytest.mark.slow
def test_the_stock_docker_deployment(image: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(yaml.safe_dump({"type": "docker", "image": image, "pull": "never"}))
    box = open_sandbox(f"swerex:{tmp_path / 'config.yaml'}", Setup(AGENT))
    try:
        box.start()
        (about,) = engine.engine().api.containers(filters={"ancestor": image})
        assert about["Labels"][engine.LABEL] == str(Owner.me())
        assert box.run("id -u; pwd; touch file /tmp/note /dev/shm/note; ls", LIMITS).text.split() == [
            "64123", "/home/agent/workspace", "file"
        ]  # fmt: skip
        # The server's token stands in its command line; without a network it is of no use.
        assert "auth-token" in box.run("cat /proc/1/cmdline", LIMITS).text
        call = "python -c 'import socket; socket.create_connection((\"127.0.0.1\", 8000))'"
        assert "Network is unreachable" in box.run(call, LIMITS).text
        assert box.run("cat /proc/1/environ; kill -9 -1; kill -9 1", LIMITS).returncode != 0
        box.start()
        assert box.run("ls -A . /tmp/note /dev/shm/note 2>/dev/null", LIMITS).text == ".:\n"
    finally:
        box.close()
    left = engine.engine().api.containers(filters={"ancestor": image})
    assert left == []


def test_the_inside_ends_when_its_host_is_silent(
    open_box: Callable[..., Sandbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    from synthgym.envs.sandboxes.swerex import sandbox as swerex

    monkeypatch.setattr(swerex, "_LEASE", 2.0)
    box: Any = open_box("swerex")
    box.run("sleep 3755 & disown", LIMITS)
    folder = Path(box._link.connection._folder)
    box._link.connection.abandon()  # as when its process was killed
    deadline = time.monotonic() + 20
    while (folder.exists() or sleeping("3755")) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not folder.exists()
    assert not sleeping("3755")


def sleeping(seconds: str) -> bool:
    """Whether a process of this machine sleeps for so long."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (folder / "cmdline").read_bytes().split(b"\0")[:2] == [b"sleep", seconds.encode()]:
                return True
    return False


def test_a_lease_is_renewed_while_an_agent_thinks(
    open_box: Callable[..., Sandbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    from synthgym.envs.sandboxes.swerex import sandbox as swerex

    monkeypatch.setattr(swerex, "_LEASE", 2.0)
    box = open_box("swerex")
    time.sleep(5)
    assert box.run("echo alive", LIMITS).text == "alive\n"


# -- ours for code written for swe-rex ---------------------------------------------------------------------------------


@asynccontextmanager
async def deployed(name: str) -> AsyncIterator[AbstractRuntime]:
    deployment = SandboxDeployment(name, Setup(AGENT))
    await deployment.start()
    try:
        yield deployment.runtime
    finally:
        await deployment.stop()


def using(name: str, work: Callable[[AbstractRuntime], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        async with deployed(name) as runtime:
            await work(runtime)

    asyncio.run(run())


def test_a_session_of_swe_rex_in_our_sandbox(sealed: str) -> None:
    async def work(runtime: AbstractRuntime) -> None:
        assert await runtime.is_alive()
        with pytest.raises(SessionDoesNotExistError):
            await runtime.run_in_session(BashAction(command="true"))
        await runtime.create_session(CreateBashSessionRequest())
        with pytest.raises(SessionExistsError):
            await runtime.create_session(CreateBashSessionRequest(session="other"))
        await runtime.run_in_session(BashAction(command="x=5; cd /tmp"))
        assert (await runtime.run_in_session(BashAction(command="echo $x; pwd"))).output == "5\n/tmp\n"
        assert (await runtime.run_in_session(BashAction(command="(exit 3)", check="silent"))).exit_code == 3
        with pytest.raises(NonZeroExitCodeError, match="exit code 3"):
            await runtime.run_in_session(BashAction(command="(exit 3)"))
        with pytest.raises(CommandTimeoutError):
            await runtime.run_in_session(BashAction(command="sleep 20", timeout=0.3))
        await runtime.close_session(CloseBashSessionRequest())
        await runtime.create_session(CreateBashSessionRequest())
        assert (await runtime.run_in_session(BashAction(command="echo ${x-gone}"))).output == "gone\n"

    using(sealed, work)


def test_an_interrupt_from_swe_rex() -> None:
    needs("bubblewrap")

    async def work(runtime: AbstractRuntime) -> None:
        await runtime.create_session(CreateBashSessionRequest())
        waiting = asyncio.create_task(runtime.run_in_session(BashAction(command="sleep 30", check="ignore")))
        await asyncio.sleep(0.3)
        started = time.monotonic()
        await runtime.run_in_session(BashInterruptAction())
        await waiting
        assert time.monotonic() - started < 10

    using("bubblewrap", work)


def test_files_and_programs_by_swe_rex(sealed: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "one").write_text("1")
    (tmp_path / "two").write_text("2")

    async def work(runtime: AbstractRuntime) -> None:
        response = await runtime.execute(Command(command=["sh", "-c", "echo out; echo err >&2; exit 4"]))
        assert (response.stdout, response.stderr, response.exit_code) == ("out\n", "err\n", 4)
        response = await runtime.execute(Command(command="echo $V; pwd", shell=True, env={"V": "a b"}, cwd="/tmp"))
        assert response.stdout == "a b\n/tmp\n"
        with pytest.raises(NonZeroExitCodeError):
            await runtime.execute(Command(command=["false"], check=True))
        await runtime.write_file(WriteFileRequest(path="/tmp/new/file", content="é\n"))
        assert (await runtime.read_file(ReadFileRequest(path="/tmp/new/file"))).content == "é\n"
        with pytest.raises(FileNotFoundError):
            await runtime.read_file(ReadFileRequest(path="/tmp/none"))
        await runtime.upload(UploadRequest(source_path=str(tmp_path / "folder"), target_path="/tmp/there"))
        await runtime.upload(UploadRequest(source_path=str(tmp_path / "two"), target_path="/tmp/there/two"))
        assert (await runtime.execute(Command(command="cat /tmp/there/one /tmp/there/two", shell=True))).stdout == "12"

    using(sealed, work)
