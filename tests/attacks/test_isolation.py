"""What an agent may look for: labels, graders, the host's files and environment, other sandboxes, the network."""

from __future__ import annotations

import ast
import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from env_fixtures import AGENT, LIMITS

from synthgym.base.files.paths import cache_dir
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.sandboxes.base import GRADER, MODULE, Limits, Profile, Sandbox
from synthgym.envs.sandboxes.supervised import SupervisedSandbox
from synthgym.registry.images import why_not_installed

SEARCH = """
import os, sys
started = os.stat("needles").st_mtime
needles = [line.strip().encode() for line in open("needles")]
os.remove("needles")
seen, hits, opened = set(), [], 0
def look(path):
    global opened
    try:
        status = os.stat(path)
        if (status.st_dev, status.st_ino) in seen or not os.path.isfile(path) or status.st_size > 1 << 28:
            return
        if path.startswith(("/usr/", "/opt/python/", "/opt/venv/")) and status.st_mtime < started - 60:
            return  # the system's and the libraries' own files; what a test or a challenge made is younger
        seen.add((status.st_dev, status.st_ino))
        with open(path, "rb") as file:
            data = file.read(1 << 24)
    except (OSError, ValueError):
        return
    opened += 1
    for needle in needles:
        if needle in data:
            hits.append((path, needle))
def walk(top):
    for place, folders, names in os.walk(top):
        if place == "/proc":
            folders[:] = []
        for name in names:
            look(os.path.join(place, name))
walk("/")
for pid in filter(str.isdigit, os.listdir("/proc")):
    if int(pid) == os.getpid():
        continue
    base = f"/proc/{pid}"
    for name in os.listdir(base):
        look(f"{base}/{name}")
    for kind in ("fd", "map_files", "cwd", "root", "exe"):
        try:
            for name in os.listdir(f"{base}/{kind}"):
                look(f"{base}/{kind}/{name}")
        except OSError:
            pass
print("files read:", opened)
print("hits:", hits)
"""


def search(env: ChallengeEnv, needles: list[str]) -> str:
    """Looks for the needles in everything that a process in the sandbox can open."""
    assert env._box is not None
    env._box.write("search.py", SEARCH.encode())
    env._box.write("needles", "\n".join(needles).encode())
    result = env._box.run("python search.py", Limits(cpu_seconds=120, wall_seconds=280))
    assert result.returncode == 0, result.text
    assert int(result.text.split("files read:")[1].split()[0]) > 20
    return result.text.split("hits:")[1].strip()


@pytest.fixture
def canary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A word that is in the host's environment and in files of the host, open to all."""
    word = f"canary-{uuid.uuid4().hex}"
    monkeypatch.setenv("SYNTHGYM_TEST_SECRET", word)
    places = [Path("/tmp"), Path.home(), cache_dir("prepared"), Path("/var/tmp")]
    files = []
    for place in places:
        file = place / f"{word}.txt"
        try:
            file.write_text(word)
            file.chmod(0o644)
            files.append(file)
        except OSError:
            continue
    yield word
    for file in files:
        file.unlink()


def test_no_label_grader_or_host_file_can_be_read_anywhere(
    sealed: str, make_env: Callable[..., ChallengeEnv], canary: str
) -> None:
    env = make_env("line", sealed)
    env.reset(seed=0)
    assert env._prepared is not None
    assert env._box is not None
    # The search can find: a file, a variable of another process, a file without a name.
    env._box.write("deep/in/here.bin", b"\0\xffneedle-1\0")
    env._box.write(
        "hold.py", b"import time\nf = open('x', 'w+'); f.write('needle-' + '3'); f.flush(); time.sleep(1e3)\n"
    )
    env.step("export X=needle-2; sleep 1000 & python hold.py & until [ -s x ]; do sleep 0.1; done; rm x")
    labels = (env._prepared.private / "labels.csv").read_text().splitlines()[1:]
    found = search(env, ["needle-1", "needle-2", "needle-3", canary, "default_rng(7)", *labels[:5], *labels[-5:]])
    assert {hit.split("'")[0] for hit in found.split("b'")[1:]} == {"needle-1", "needle-2", "needle-3"}, found


@pytest.mark.slow
def test_no_opponents_in_the_agents_sandbox_of_a_game(sealed: str, make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env("coins", sealed)
    env.reset(seed=0)
    env.step("validate")
    assert search(env, ['{"bias"', "opponents.json", 'PHASE"] + os.environ']) == "[]"


LOADERS = """
import sklearn.datasets as d
from sklearn.datasets import _base
for name in ("breast_cancer", "iris", "wine", "digits", "diabetes", "linnerud", "sample_images"):
    try:
        getattr(d, "load_" + name)()
        print("loaded", name)
    except Exception as error:
        print(name, type(error).__name__)
for fetch in ("california_housing", "20newsgroups", "covtype", "openml"):
    try:
        f = getattr(d, "fetch_" + fetch)
        f(name="iris", n_retries=0) if fetch == "openml" else f(n_retries=0)
        print("loaded", fetch)
    except Exception as error:
        print(fetch, type(error).__name__)
try:
    import scipy.datasets
    scipy.datasets.face()
    print("loaded face")
except Exception as error:
    print("face", type(error).__name__)
"""


def test_no_library_loads_a_bundled_data_set(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    box = open_box(sealed)
    box.write("loaders.py", LOADERS.encode())
    text = box.run("python loaders.py 2>&1", LIMITS).text
    assert text.count("Error") >= 12
    assert "loaded" not in text
    assert box.run("find / -name '*.csv*' -size +1k 2>/dev/null | grep -v ^/usr/share", LIMITS).text == ""


def test_the_hosts_environment_users_and_name_are_not_shown(
    sealed: str, open_box: Callable[..., Sandbox], canary: str
) -> None:
    box = open_box(sealed)
    text = box.run("env; set; cat /proc/*/environ /etc/passwd /etc/hosts /proc/1/cmdline; hostname", LIMITS).text
    assert canary not in text
    assert str(Path.home()) not in text or Path.home() == Path("/root")
    assert socket.gethostname() not in text.replace("localhost", "")
    assert "sandbox\n" in text


def test_no_process_of_the_host_or_of_another_sandbox_is_seen(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    one, other = open_box(sealed), open_box(sealed)
    other.run("sleep 3877 &", LIMITS)
    text = one.run("ls -d /proc/[0-9]*; cat /proc/[0-9]*/cmdline | tr '\\0' ' '", LIMITS).text
    assert "sleep 3877" not in text
    assert len([line for line in text.splitlines() if line.startswith("/proc/")]) <= 4


DESCRIPTORS = """
import os
for fd in sorted(map(int, os.listdir("/proc/self/fd"))):
    try:
        print(fd, os.readlink(f"/proc/self/fd/{fd}").split(":")[0], os.get_inheritable(fd))
    except OSError:
        pass  # the one that the folder was read by
"""


def test_a_program_inherits_nothing_but_its_three_streams(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    box = open_box(sealed)
    box.write("descriptors.py", DESCRIPTORS.encode())
    for command in ("python descriptors.py", "(python descriptors.py)", "bash -c 'exec python descriptors.py'"):
        assert box.run(command, LIMITS).text == "0 /dev/null True\n1 pipe True\n2 pipe True\n", command


def test_the_shell_holds_its_pipes_and_its_command_and_nothing_else(
    sealed: str, open_box: Callable[..., Sandbox]
) -> None:
    box = open_box(sealed)
    said = box.run("for fd in /proc/$$/fd/*; do readlink $fd; done", LIMITS).text.splitlines()
    assert said
    assert {target.partition(":")[0] for target in said} <= {"pipe", "/dev/null", "/memfd"}


def test_two_sandboxes_share_no_folder_and_no_memory(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    one, other = open_box(sealed), open_box(sealed)
    one.run("for d in . ~ /tmp /dev/shm /var/tmp /run /opt; do echo here > $d/mark; done; ipcmk -M 1000", LIMITS)
    assert "here" not in other.run("cat ./mark ~/mark /tmp/mark /dev/shm/mark /var/tmp/mark /run/mark", LIMITS).text
    assert "0x" not in other.run("ipcs -m", LIMITS).text


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's sandboxes all run as that user")
def test_two_sandboxes_run_as_different_users(open_box: Callable[..., Sandbox]) -> None:
    users = set()
    for _ in range(3):
        box = open_box("bubblewrap")
        box.run("sleep 1000 &", LIMITS)
        process = box._link.connection.process  # type: ignore[attr-defined]
        users.add(Path(f"/proc/{process.pid}/status").read_text().split("Uid:")[1].split()[0])
    assert len(users) == 3
    assert "0" not in users


def reach(box: Sandbox, family: str, address: str) -> str:
    """What comes of connecting from inside, in one word."""
    script = (
        "import socket\n"
        "try:\n"
        f"    s = socket.socket(socket.{family}); s.settimeout(2); s.connect({address})\n"
        "    print('reached', s.recv(10))\n"
        "except OSError as error: print('failed', error)\n"
    )
    box.write("reach.py", script.encode())
    return box.run("python reach.py", LIMITS).text


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Servers on the host's loopback, on an abstract socket, and on a socket in a folder open to all."""
    name = f"synthgym-test-{uuid.uuid4().hex}"
    path = f"/tmp/{name}.sock"
    made = []
    for family, address in (
        (socket.AF_INET, ("127.0.0.1", 0)),
        (socket.AF_INET, ("0.0.0.0", 0)),
        (socket.AF_UNIX, "\0" + name),
        (socket.AF_UNIX, path),
    ):
        server = socket.socket(family)
        server.bind(address)
        server.listen()

        def serve(server: socket.socket = server) -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connection.sendall(b"secret")
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        made.append(server)
    yield {
        "loopback": repr(made[0].getsockname()),
        "everywhere": str(made[1].getsockname()[1]),
        "abstract": repr("\0" + name),
        "path": repr(path),
    }
    for server in made:
        server.close()
    os.unlink(path)


def test_no_server_of_the_host_can_be_reached(
    sealed: str, open_box: Callable[..., Sandbox], servers: dict[str, str]
) -> None:
    box = open_box(sealed)
    with socket.socket() as check:
        check.connect(eval(servers["loopback"]))
        assert check.recv(10) == b"secret"
    host = socket.gethostname()
    for family, address in (
        ("AF_INET", servers["loopback"]),
        ("AF_INET", f"('{_own_address()}', {servers['everywhere']})"),
        ("AF_INET", f"('{host}', {servers['everywhere']})"),
        ("AF_INET", f"('172.17.0.1', {servers['everywhere']})"),  # Docker's usual gateway, which is the host
        ("AF_UNIX", servers["abstract"]),
        ("AF_UNIX", servers["path"]),
        ("AF_INET", "('169.254.169.254', 80)"),
        ("AF_INET", "('1.1.1.1', 443)"),
        ("AF_INET6", "('2606:4700:4700::1111', 443)"),
    ):
        assert "failed" in reach(box, family, address), address


def _own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def test_there_is_no_network_no_name_service_and_no_raw_socket(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    box = open_box(sealed)
    assert "lo" in box.run("cat /proc/net/dev", LIMITS).text
    interfaces = box.run("tail -n +3 /proc/net/dev | cut -d: -f1", LIMITS).text.split()
    assert interfaces == ["lo"]
    sockets = box.run("tail -n +2 /proc/net/unix", LIMITS).text.splitlines()
    assert all("@synthgym-" in line for line in sockets)
    assert box.run("getent hosts example.org; getent hosts $(hostname)", LIMITS).returncode != 0
    for kind in ("socket.AF_PACKET, socket.SOCK_RAW", "socket.AF_INET, socket.SOCK_RAW, 1"):
        assert "Network is unreachable" in box.run(f"python -c 'import socket; socket.socket({kind})'", LIMITS).text


def loopback_image(sealed: str) -> str:
    """An image whose programs have the loopback interface, of those that are here."""
    if sealed == "docker":
        return "synthgym/cpu:latest"  # by that name it is one that nothing is known of
    if reason := why_not_installed("torch"):
        pytest.skip(reason)
    return "torch"


FAMILIES = """
import errno, itertools, socket
made = set()
for family, kind, protocol in itertools.product(range(48), (1, 2, 3, 4, 5, 6, 10), (*range(24), 132, 136, 262)):
    try:
        with socket.socket(family, kind, protocol):
            made.add((family, kind, protocol))
    except OSError:
        pass
refused = []
with socket.socket(socket.AF_UNIX) as one:
    for option in (26, 50, 51, 52):  # SO_ATTACH_FILTER, _BPF, and the same for a group
        try:
            one.setsockopt(socket.SOL_SOCKET, option, bytes(16))
        except OSError as error:
            refused.append(errno.errorcode[error.errno])
print(sorted(made))
print(refused)
print({address[4][0] for address in socket.getaddrinfo("localhost", 80)} <= {"127.0.0.1", "::1"})
"""
UNIX = {(1, kind, protocol) for kind in (1, 2, 5) for protocol in (0, 1)} | {(1, 3, 0), (1, 3, 1)}
TCP = {(family, 1, protocol) for family in (2, 10) for protocol in (0, 6)}
NETLINK_ROUTE = {(16, 2, 0), (16, 3, 0)}


@pytest.mark.slow
@pytest.mark.parametrize("profile", [AGENT, MODULE, GRADER], ids=lambda profile: profile.name)
@pytest.mark.parametrize("loopback", [False, True], ids=["image without", "image with loopback"])
def test_there_are_no_sockets_but_those_that_are_needed(
    sealed: str, open_box: Callable[..., Sandbox], profile: Profile, loopback: bool
) -> None:
    box = open_box(sealed, profile, image=loopback_image(sealed) if loopback else "cpu")
    box.write("families.py", FAMILIES.encode())
    made, refused, named = box.run("python families.py", LIMITS).text.splitlines()
    more = TCP | NETLINK_ROUTE if loopback and profile is AGENT else set()
    assert set(ast.literal_eval(made)) - UNIX == more
    assert ast.literal_eval(refused) == ["ENOPROTOOPT"] * 4
    assert named == "True"


WRITE_NETWORK = """
import socket
with socket.create_server(("127.0.0.1", 0)) as server:
    for digit in b"note":
        one = socket.socket()
        one.bind((f"127.7.7.{digit}", 0))
        one.connect(server.getsockname())
        other = server.accept()[0]
        one.close(), other.recv(1), other.close()
"""
READ_NETWORK = "for name in tcp tcp6 dev snmp netstat; do cat /proc/net/$name; done | grep -v TcpExt"


def test_a_used_network_namespace_is_not_used_again(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    box = open_box(sealed, image=loopback_image(sealed))
    assert isinstance(box, SupervisedSandbox)
    link, fresh = box._link, box.run(READ_NETWORK, LIMITS).text
    box.start()
    assert box._link is link, "nothing was done that would need another sandbox"
    box.write("write.py", WRITE_NETWORK.encode())
    assert box.run("python write.py", LIMITS).returncode == 0
    assert box.run(READ_NETWORK, LIMITS).text != fresh
    box.start()
    assert box._link is not link
    assert box.run(READ_NETWORK, LIMITS).text == fresh
