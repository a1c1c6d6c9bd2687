"""Using up what there is: processes, memory, disk, descriptors. The command fails, the sandbox and the host live."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

import pytest
from env_fixtures import AGENT, LIMITS, has_cgroups

from synthgym.envs.env import ChallengeEnv
from synthgym.envs.sandboxes.base import Limits, Sandbox


def together(box: Sandbox) -> None:
    """Skips a test of limits on all processes together where there are none."""
    if box.name == "bubblewrap" and not has_cgroups():  # type: ignore[attr-defined]
        pytest.skip("without cgroups, memory is limited process by process")


SHORT = Limits(cpu_seconds=15, wall_seconds=20)
LIVES = "echo alive; python -c 'print(6 * 7)'; echo x > file && cat file; rm file"


@pytest.fixture
def box(sealed: str, open_box: Callable[..., Sandbox]) -> Sandbox:
    """A sandbox of each kind that seals."""
    return open_box(sealed)


def lives(box: Sandbox) -> bool:
    """Whether ordinary work goes on in a new shell."""
    box.run("exit", LIMITS)
    return box.run(LIVES, LIMITS).text.endswith("alive\n42\nx\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ":(){ :|:& };:",
        "while :; do sleep 1000 & done",
        "python -c 'import os\nwhile True: os.fork()'",
        "python -c 'import os, time\nwhile True:\n  try: os.fork(); os.setsid()\n  except OSError: pass'",
        "python -c 'import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(99,)).start()'",
    ],
)
def test_a_fork_bomb(box: Sandbox, command: str) -> None:
    box.run(command, Limits(cpu_seconds=3, wall_seconds=5))
    assert lives(box)


def test_processes_are_counted_together(box: Sandbox) -> None:
    script = (
        "import os, time\nn = 0\ntry:\n  while True: n += 1 if os.fork() else time.sleep(99)\nexcept OSError: print(n)"
    )
    box.write("bomb.py", script.encode())
    made = int(box.run("python bomb.py", SHORT).text.split()[-1])
    assert made < AGENT.pids


ALONE = [
    "x = []\nwhile True: x.append(bytearray(1 << 24))",
    "x = b'a'\nwhile True: x += x",
    "import mmap\nx = []\nwhile True:\n    m = mmap.mmap(-1, 1 << 24); m.write(b'a' * (1 << 24)); x.append(m)",
    "import threading\nthreading.stack_size(1 << 28)\nwhile True: threading.Thread(target=lambda: input()).start()",
]
TOGETHER = [
    "import os\n[os.fork() for _ in range(4)]\nx = [b'a' * (1 << 24) for _ in range(9999)]",
    "import os\nx = []\nwhile True:\n    f = os.memfd_create('x'); os.write(f, b'a' * (1 << 24)); x.append(f)",
    "import os, fcntl\nwhile True: fcntl.fcntl(w := os.pipe()[1], 1031, 1 << 20), os.write(w, bytes(1 << 19))",
    "import socket\nx = []\nwhile True:\n    a, b = socket.socketpair(); a.setblocking(False); x += [a, b]\n"
    "    try:\n        while True: a.send(b'a' * 65536)\n    except OSError: pass",
]


@pytest.mark.parametrize("script", [*ALONE, *TOGETHER])
def test_memory(box: Sandbox, script: str) -> None:
    if script in TOGETHER:
        together(box)
    box.write("hog.py", script.encode())
    result = box.run("python hog.py", SHORT)
    assert result.returncode != 0
    assert lives(box)


def test_memory_is_counted_together(box: Sandbox) -> None:
    together(box)
    script = (
        "import time\nx = bytearray(300 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1\nprint('have')\ntime.sleep(3)"
    )
    box.write("hog.py", script.encode())
    result = box.run("for i in 1 2 3 4; do python hog.py & done; wait", SHORT)
    assert result.text.count("have") <= 1
    assert "Killed" in result.text
    assert lives(box)


@pytest.mark.parametrize("place", [".", "$HOME", "/tmp", "/dev/shm"])
def test_a_full_disk(box: Sandbox, place: str) -> None:
    result = box.run(f"cat /dev/zero > {place}/big", SHORT)
    assert "No space left on device" in result.text
    box.run(f"for i in $(seq 20); do cat /dev/zero > {place}/big$i; done 2>/dev/null", SHORT)
    assert box.run("echo still here", LIMITS).text == "still here\n"
    box.run(f"rm {place}/big*", LIMITS)
    assert lives(box)


def test_a_full_disk_is_told_as_such(sealed: str, make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env("line", sealed)
    env.reset(seed=0)
    observation, *_ = env.step("cat /dev/zero > big; python train.py; validate; create x.py; open train.py")
    assert "No space left on device" in observation
    assert "bad submission" in observation
    *_, info = env.step("rm big; python train.py; validate")
    assert len(info["scores"]) == 1


def test_files_without_content_use_memory_too(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    box = open_box(sealed, dataclasses.replace(AGENT, memory_mb=64))
    together(box)
    box.write("many.py", b"import os\ni = 0\nwhile True:\n    os.close(os.open(str(i), os.O_CREAT)); i += 1")
    for _ in range(3):
        result = box.run("python many.py", Limits(cpu_seconds=40, wall_seconds=60))
        assert "No space left on device" in result.text
        assert box.run("echo still here", LIMITS).text == "still here\n"
    attributes = "import os\nfor i in range(10 ** 6): os.setxattr('x', f'user.{i}', bytes(4000))"
    for place in (".", "/tmp", "/dev/shm"):  # all of them, and what is attached to files
        box.run(f"cd {place}; mkdir -p d; i=0; while : 2>/dev/null > d/$i$RANDOM; do i=$((i+1)); done; cd", SHORT)
        box.run(f'cd {place}; touch x; python -c "{attributes}"; cat /dev/zero > zero; cd', SHORT)
        assert box.run("echo still here", LIMITS).text == "still here\n"
    box.start()
    assert lives(box)


KERNEL_MEMORY = """
echo 0 > /proc/self/oom_score_adj; echo -1000 > /proc/self/oom_score_adj; echo 1000 > /proc/1/oom_score_adj
cat /proc/self/oom_score_adj
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
perl -e 'use Socket; use Fcntl; while (1) {
    socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, 0) or last;
    push @held, $a, $b; fcntl($a, F_SETFL, O_NONBLOCK);
    1 while defined syswrite($a, "a" x 65536);
} sleep 2' &
done; wait
"""


@pytest.mark.slow
def test_memory_that_counts_for_nobody(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    """Whoever could say that it is to be ended last, and has its memory in sockets, would have the supervisor ended."""
    box = open_box(sealed, dataclasses.replace(AGENT, memory_mb=64))
    together(box)
    for _ in range(2):
        said = box.run(KERNEL_MEMORY, SHORT).text
        assert said.count("Permission denied") >= 3
        assert "\n800\n" in said  # before: the shell may be among those that the kernel ends
    assert lives(box)


def test_all_places_full_at_once(box: Sandbox) -> None:
    box.run("for d in . /tmp /dev/shm; do for i in 1 2 3; do cat /dev/zero > $d/big$i; done; done 2>/dev/null", SHORT)
    box.run("python -c 'x = []\nwhile True: x.append(bytearray(1 << 24))'", SHORT)
    assert box.run("echo still here", LIMITS).text.endswith("still here\n")


@pytest.mark.parametrize(
    "script",
    [
        "import os\nx = []\nwhile True: x.append(os.open('/dev/null', 0))",
        "import os\nx = []\nwhile True: x.append(os.eventfd(0))",
        "import socket\nx = []\nwhile True: x.append(socket.socket())",
        "import os\nfor i in range(40):\n    if not os.fork(): break\nx = []\nwhile True: x.append(os.pipe())",
    ],
)
def test_descriptors(box: Sandbox, script: str) -> None:
    box.write("many.py", script.encode())
    assert box.run("python many.py", SHORT).returncode != 0
    assert lives(box)


def test_limits_cannot_be_raised(box: Sandbox) -> None:
    for kind in ("n 100000", "d unlimited", "c unlimited"):
        assert "not permitted" in box.run(f"ulimit -{kind}", LIMITS).text
    assert box.run("ulimit -c; ulimit -n", LIMITS).text.split() == ["0", "1024"]


def test_the_limit_on_processes_cannot_be_raised(open_box: Callable[..., Sandbox]) -> None:
    box = open_box("bubblewrap")  # a container's is its cgroup's
    assert "not permitted" in box.run("ulimit -u 100000", LIMITS).text
    assert int(box.run("ulimit -u", LIMITS).text) - AGENT.pids in (0, 1)  # a control group refuses one earlier


def test_endless_output_costs_the_host_nothing(box: Sandbox) -> None:
    started = time.monotonic()
    result = box.run("yes", Limits(cpu_seconds=2, wall_seconds=4, output_bytes=10_000))
    assert len(result.output) == 10_000
    assert result.dropped > 10**6
    assert time.monotonic() - started < 15


def test_a_tree_of_folders_too_deep_for_a_path(box: Sandbox) -> None:
    script = "import os\nfor i in range(5000):\n    os.mkdir('d' * 200); os.chdir('d' * 200)"
    box.write("deep.py", script.encode())
    box.run("python deep.py", LIMITS)
    box.start()
    assert box.run("ls", LIMITS).text == ""
