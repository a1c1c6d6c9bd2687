"""Starting, ending, files, the channel, and death."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from env_fixtures import AGENT, LIMITS

from synthgym.base.errors import (
    BadSubmission,
    GraderError,
    MissingDependencyError,
    PathTaken,
    SandboxError,
    UnknownNameError,
)
from synthgym.envs.mlgym.player import lay_over
from synthgym.envs.sandboxes import open_sandbox, resolve_sandbox
from synthgym.envs.sandboxes.base import Limits, Reply, Sandbox, Setup
from synthgym.envs.sandboxes.connection import ProcessConnection
from synthgym.envs.sandboxes.docker import engine
from synthgym.envs.sandboxes.docker.sandbox import DockerConnection
from synthgym.envs.sandboxes.supervised import SupervisedSandbox
from synthgym.envs.sandboxes.swerex.sandbox import SwerexConnection


def supervisor(box: Sandbox) -> int:
    """Process id, on the host, of the supervisor inside."""
    assert isinstance(box, SupervisedSandbox)
    assert box._link is not None
    connection = box._link.connection
    if isinstance(connection, DockerConnection):
        return int(engine.engine().api.inspect_container(connection.container)["State"]["Pid"])
    if isinstance(connection, SwerexConnection):
        relay = f"{connection._folder}/relay".encode()
        return next(
            int(folder.name)
            for folder in Path("/proc").glob("[0-9]*")
            for words in [command_line(int(folder.name))]
            if b"supervisor.main" in b" ".join(words) and relay in b" ".join(command_line(parent(int(folder.name))))
        )
    assert isinstance(connection, ProcessConnection)
    pid = connection.process.pid
    while box.name == "bubblewrap" and b"-IS" not in command_line(pid)[:2]:
        (pid,) = map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return pid


def command_line(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_new_start_is_a_reset(box: Sandbox) -> None:
    box.run("touch a $TMPDIR/b $HOME/c; x=5; sleep 1000 & disown", LIMITS)
    for _ in range(2):
        box.start()
        assert box.run("ls -A . $TMPDIR/b $HOME/c 2>/dev/null; echo $x; jobs", LIMITS).text.split() == [".:"]


def test_files_are_copied_at_every_start(backend: str, open_box: Callable[..., Sandbox], shown_folder: Path) -> None:
    (shown_folder / "sub").mkdir()
    (shown_folder / "sub" / "file").write_text("as given")
    box = open_box(backend, files=shown_folder)
    box.run("echo changed > sub/file; touch more", LIMITS)
    assert (shown_folder / "sub" / "file").read_text() == "as given"
    box.start()
    assert box.run("cat sub/file; ls", LIMITS).text == "as givensub\n"


def test_environment_variables_and_mounts(backend: str, open_box: Callable[..., Sandbox], shown_folder: Path) -> None:
    (shown_folder / "file").write_text("shown")
    box = open_box(backend, mounts={"/opt/source": shown_folder}, env={"SOURCE": "/opt/source", "SEED": "3"})
    assert box.run('echo $SEED; cat "$SOURCE/file"', LIMITS).text == "3\nshown"


def test_read_and_write(box: Sandbox) -> None:
    data = bytes(range(256)) * 4000
    box.write("deep/er/file", data)
    assert box.read("deep/er/file", len(data)) == data
    with pytest.raises(BadSubmission, match="larger than"):
        box.read("deep/er/file", len(data) - 1)
    with pytest.raises(BadSubmission, match="no file 'missing'"):
        box.read("missing", 10)
    box.run("mkdir folder; ln -s deep/er/file link; mkfifo fifo; ln -s deep way; touch file; chmod 0 file", LIMITS)
    for path in ("folder", "link", "fifo", "way/er/file", "file/x"):
        with pytest.raises(BadSubmission, match=path):
            box.read(path, 10**6)


def test_the_names_of_files(box: Sandbox) -> None:
    box.start()
    assert box.names() == []
    box.write("b/c d.txt", b"1")
    box.run("mkdir -p b/empty; echo > $'line\nbreak'; ln -s /etc link; ln -s b other; mkfifo pipe; echo > .hid", LIMITS)
    assert box.names() == [".hid", "b/c d.txt", "line\nbreak"]
    box.run("mkdir closed; echo > closed/in; chmod 0 closed", LIMITS)
    assert [name for name in box.names() if name.startswith("closed")] in ([], ["closed/in"])  # the latter: as root
    box.run("chmod 700 closed; echo > $'not-\\xff-text'", LIMITS)
    with pytest.raises(BadSubmission, match="not UTF-8"):
        box.names()
    box.run("rm -rf -- *; for i in $(seq 11); do mkdir $i; (cd $i; seq 1000 | xargs touch); done", Limits())
    with pytest.raises(BadSubmission, match="more than 10000 files"):
        box.names()
    assert box.run("echo lives", LIMITS).output == b"lives\n"


@pytest.mark.parametrize(
    ("make", "path"),
    [("mkdir -p a/b.py", "a/b.py"), ("echo > a", "a/b.py"), ("mkdir a; ln -s b.py a/b.py", "a/b.py"), ("", "n" * 300)],
)
def test_a_path_in_whose_way_something_stands(box: Sandbox, make: str, path: str) -> None:
    """It is named by what it is, and the sandbox goes on: a file that was handed in may be called so on purpose."""
    box.run(make, LIMITS)
    with pytest.raises(PathTaken, match="cannot write"):
        box.write(path, b"1")
    with pytest.raises(BadSubmission, match="cannot be laid over the starter's files"):
        lay_over(box, path, b"1")
    assert box.run("echo alive", LIMITS).text == "alive\n"


def test_large_files_go_in_and_come_out(box: Sandbox) -> None:
    data = random.Random(5).randbytes(10 << 20)
    box.write("large", data)
    said = box.run("sha256sum < large; cat large large > larger", LIMITS)
    assert said.text.split()[0] == hashlib.sha256(data).hexdigest()
    assert box.read("larger", 2 * len(data)) == data + data


def test_what_does_not_fit_is_refused_and_the_sandbox_lives(box: Sandbox) -> None:
    if box.name != "local":  # it has no file system of its own
        with pytest.raises(SandboxError, match=r"No space left|cannot write"):
            box.write("large", bytes((AGENT.disk_mb + 1) << 20))
        box.run("rm -f large", LIMITS)
    box.write("small", b"fits")
    assert box.run("cat small", LIMITS).text == "fits"


def test_the_channel_answers_programs_inside(box: Sandbox) -> None:
    asked = []

    def answer(request: bytes) -> Reply:
        asked.append((request, box.read("file", 100)))
        return Reply(b"7\nsaid")

    box.channel(answer)
    result = box.run("echo one > file; validate; echo $?; echo two > file; submit && echo no", LIMITS)
    assert result.text == "said\n7\nsaid\n"
    assert asked == [(b"validate", b"one\n"), (b"submit", b"two\n")]


def test_a_reply_can_end_the_command(box: Sandbox) -> None:
    box.channel(lambda request: Reply(stop=True))
    result = box.run("(sleep 0.3; touch late) & echo before; submit; echo after; touch after", LIMITS)
    assert (result.text, result.aborted, result.shell) == ("before\n", True, "killed")
    time.sleep(0.5)
    assert box.run("ls", LIMITS).text == ""


def test_the_hosts_own_time_is_not_the_commands(box: Sandbox) -> None:
    def slow(request: bytes) -> Reply:
        time.sleep(1)
        return Reply(b"0\ndone")

    box.channel(slow)
    result = box.run("validate", Limits(cpu_seconds=5, wall_seconds=0.9))
    assert (result.text, result.timeout) == ("done\n", None)
    assert result.elapsed < 0.9


def test_an_error_of_the_handler_comes_through_and_ends_the_sandbox(box: Sandbox) -> None:
    def fail(request: bytes) -> Reply:
        raise GraderError("scorer broke")

    box.channel(fail)
    with pytest.raises(GraderError, match="scorer broke"):
        box.run("validate", LIMITS)
    with pytest.raises(SandboxError, match="not running"):
        box.run("true", LIMITS)
    box.start()
    assert box.run("echo again", LIMITS).text == "again\n"


def test_close_twice_and_start_again(box: Sandbox) -> None:
    box.close()
    box.close()
    for use in (lambda: box.run("true", LIMITS), lambda: box.read("x", 1), lambda: box.write("x", b"")):
        with pytest.raises(SandboxError, match="not running"):
            use()
    box.start()
    assert box.run("echo alive", LIMITS).text == "alive\n"


def test_close_from_another_thread_ends_a_running_command(box: Sandbox) -> None:
    timer = threading.Timer(0.3, box.close)
    timer.start()
    started = time.monotonic()
    with pytest.raises(SandboxError):
        box.run("sleep 30", LIMITS)
    timer.join()
    assert time.monotonic() - started < 15
    box.close()


def test_threads_take_turns(box: Sandbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda i: box.run(f"x={i}; sleep 0.01; echo $x", LIMITS).text, range(40)))
    assert results == [f"{i}\n" for i in range(40)]


def test_many_at_once_are_apart(backend: str, open_box: Callable[..., Sandbox]) -> None:
    def use(number: int) -> str:
        box = open_box(backend)
        box.run(f"echo {number} > token", LIMITS)
        box.start()
        box.run(f"echo {number} > token; export N={number}", LIMITS)
        return box.run("cat token; echo $N; ls | wc -l", LIMITS).text

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(use, range(12))) == [f"{n}\n{n}\n1\n" for n in range(12)]


def test_two_starts_at_the_same_time(box: Sandbox) -> None:
    def start(_: int) -> None:
        with contextlib.suppress(SandboxError):  # ended by another's start
            box.start()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, range(4)))
    box.start()
    assert box.run("echo one", LIMITS).text == "one\n"


def test_a_sandbox_outlives_the_thread_that_started_it(box: Sandbox) -> None:
    thread = threading.Thread(target=box.start)
    thread.start()
    thread.join()
    time.sleep(0.3)
    assert box.run("echo alive", LIMITS).text == "alive\n"


def test_a_forked_process_leaves_its_parents_sandboxes_alone(box: Sandbox) -> None:
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(SandboxError):
            box.run("touch from-the-child", LIMITS)
        box.close()
        os._exit(0)
    os.waitpid(pid, 0)
    assert box.run("ls; echo alive", LIMITS).text == "alive\n"


def test_a_supervisor_killed_from_outside_is_a_typed_error(box: Sandbox) -> None:
    os.kill(supervisor(box), signal.SIGKILL)
    with pytest.raises(SandboxError, match=f"{box.name}: the sandbox died"):
        box.run("true", LIMITS)
    with pytest.raises(SandboxError, match="not running"):
        box.run("true", LIMITS)
    box.start()
    assert box.run("echo alive", LIMITS).text == "alive\n"


def test_killed_during_a_command(box: Sandbox) -> None:
    victim = supervisor(box)
    timer = threading.Timer(0.3, os.kill, (victim, signal.SIGKILL))
    timer.start()
    with pytest.raises(SandboxError, match="died"):
        box.run("sleep 30", LIMITS)
    timer.join()


def test_a_supervisor_that_is_stopped_can_be_closed(box: Sandbox) -> None:
    box.run("sleep 3733 &", LIMITS)
    os.kill(supervisor(box), signal.SIGSTOP)
    started = time.monotonic()
    box.close()
    assert time.monotonic() - started < 5
    assert alive("sleep\0" + "3733") == []


def alive(words: str) -> list[int]:
    """Processes of this machine whose command line holds `words`."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if words.encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_what_a_killed_supervisor_leaves_ends_with_close(box: Sandbox) -> None:
    box.run("setsid sleep 3744 & disown", LIMITS)
    os.kill(supervisor(box), signal.SIGKILL)
    box.close()
    deadline = time.monotonic() + 5
    while alive("sleep\0" + "3744") and time.monotonic() < deadline:
        time.sleep(0.02)
    assert alive("sleep\0" + "3744") == []


def test_files_too_big_for_the_workspace(open_box: Callable[..., Sandbox], shown_folder: Path) -> None:
    (shown_folder / "big").write_bytes(b"x" * ((AGENT.disk_mb + 1) << 20))
    with pytest.raises(SandboxError, match="do not fit"):
        open_box("bubblewrap", files=shown_folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's sandboxes run as another user")
def test_a_closed_folder_is_said_before_anything_starts(open_box: Callable[..., Sandbox], shown_folder: Path) -> None:
    shown_folder.chmod(0o700)
    with pytest.raises(SandboxError, match="closed to other users"):
        open_box("bubblewrap", mounts={"/opt/source": shown_folder})


def test_unknown_names_suggest_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="bubblewrap"):
        open_sandbox("buble", Setup(AGENT))


def test_auto_never_means_local(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from synthgym.envs.sandboxes.bubblewrap import sandbox as bubblewrap

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere.sock")
    bubblewrap.unavailable.cache_clear()
    try:
        with pytest.raises(MissingDependencyError, match=r"nowhere.sock.*bwrap is missing.*sandbox='local'"):
            resolve_sandbox("auto")
    finally:
        bubblewrap.unavailable.cache_clear()
