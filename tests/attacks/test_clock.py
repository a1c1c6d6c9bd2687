"""Games with the clock: the time it is, how long a thing took, when a file was made. Only the host's clock counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from env_fixtures import AGENT, LIMITS, has_cgroups

from synthgym.envs.env import ChallengeEnv
from synthgym.envs.sandboxes.base import Limits, Sandbox


@pytest.mark.parametrize(
    "call",
    [
        "time.clock_settime(time.CLOCK_REALTIME, 10**9)",
        "time.clock_settime(time.CLOCK_MONOTONIC, 1)",
        "call('settimeofday', struct.pack('ll', 10**9, 0), None)",
        "call('stime', struct.pack('l', 10**9))",
        "call('adjtimex', struct.pack('I4xl', 2, 10**6) + bytes(300))",
        "call('clock_adjtime', 0, struct.pack('I4xl', 2, 10**6) + bytes(300))",
        "call('unshare', 0x80)",
        "open('/dev/rtc0')",
        "os.write(os.open('/proc/self/timens_offsets', os.O_WRONLY), b'monotonic 1000000 0')",
        "os.write(os.open('/sys/class/rtc/rtc0/wakealarm', os.O_WRONLY), b'1')",
    ],
)
def test_no_clock_can_be_set(sealed: str, open_box: Callable[..., Sandbox], call: str) -> None:
    box = open_box(sealed)
    script = (
        "import ctypes, os, struct, time\n"
        "def call(name, *arguments):\n"
        "    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) < 0:\n"
        "        raise OSError(ctypes.get_errno(), name)\n"
        f"try: {call}; print('done')\n"
        "except (OSError, AttributeError) as error: print('refused')\n"
        "print(time.time())\n"
    )
    box.write("set.py", script.encode())
    said, now = box.run("python set.py", LIMITS).text.split()
    assert said == "refused"
    assert abs(float(now) - time.time()) < 5


SLOW_DOWN = {
    "a library that says it is 2001": r"""
mkdir -p ~/lib && cat > ~/lib/sitecustomize.py <<'END'
import time
time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 1e9
time.sleep = lambda seconds: None
END
export PYTHONPATH=~/lib
python -c 'import select; select.select([], [], [], 60)'""",
    "the shell's own clock": "SECONDS=-1000000; unset EPOCHREALTIME EPOCHSECONDS; sleep 60",
    "a stopped shell": "(sleep 0.2; kill -STOP $$) & sleep 60",
    "everybody stopped": "trap '' TERM HUP INT CONT; (sleep 0.2; kill -STOP -1) & sleep 60",
    "a stopped child": "sh -c 'kill -STOP $$; sleep 60'",
    "an alarm that is ignored": "trap '' ALRM XCPU TERM; sleep 60",
    "a job without a parent": "(setsid sleep 60 & wait)",
}


@pytest.mark.sample(6)
@pytest.mark.parametrize("trick", SLOW_DOWN)
def test_a_command_ends_by_the_hosts_clock(sealed: str, open_box: Callable[..., Sandbox], trick: str) -> None:
    box = open_box(sealed)
    started = time.monotonic()
    result = box.run(SLOW_DOWN[trick], Limits(cpu_seconds=30, wall_seconds=1.5))
    took = time.monotonic() - started
    assert result.timeout == "wall"
    assert 1.4 < took < 12
    assert result.elapsed == pytest.approx(took, abs=2)
    assert box.run("echo alive", LIMITS).text.endswith("alive\n")  # after bash's word on the jobs that ended


SPEND = {
    "short-lived children": "while :; do (for i in {1..2000}; do :; done); done",
    "children of children that have ended": "python - <<'END'\nimport os\nwhile True:\n    if os.fork() == 0:\n"
    "        if os.fork() == 0:\n            sum(range(10**6)); os._exit(0)\n        os._exit(0)\n    os.wait()\nEND",
    "children that nobody waits for": "python - <<'END'\nimport os, signal, time\n"
    "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\nwhile True:\n    if os.fork() == 0:\n"
    "        while time.process_time() < 0.1: pass\n        os._exit(0)\n"
    "    try: os.wait()\n    except ChildProcessError: pass\nEND",
    "a session of its own": "setsid python -c 'while True: pass' & wait",
    "stopped and continued": "python -c 'while True: pass' & while :; do kill -STOP $!; kill -CONT $!; done",
    "many threads": "python -c 'import hashlib, threading\nfor _ in range(4):\n"
    '    threading.Thread(target=lambda: hashlib.pbkdf2_hmac("sha256", b"x", b"y", 10**9)).start()\'',
}


@pytest.mark.sample(2)
@pytest.mark.parametrize("trick", SPEND)
def test_processor_time_is_charged_however_it_is_spent(
    sealed: str, open_box: Callable[..., Sandbox], trick: str
) -> None:
    box = open_box(sealed)
    result = box.run(SPEND[trick], Limits(cpu_seconds=1.5, wall_seconds=40))
    assert result.timeout == "cpu"
    assert result.cpu_seconds >= 1.4
    assert box.run("echo alive", LIMITS).text.endswith("alive\n")


IGNORED = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range(8):
    if os.fork() == 0:
        while time.process_time() < 0.25: pass
        os._exit(0)
    try: os.wait()
    except ChildProcessError: pass
"""


@pytest.mark.slow
def test_what_was_used_is_counted_of_those_that_nobody_waited_for(
    backend: str, open_box: Callable[..., Sandbox]
) -> None:
    box = open_box(backend)
    box.write("ignored.py", IGNORED.encode())
    used = box.run("python ignored.py", LIMITS).cpu_seconds
    # Where no group counts, they are looked at while they run: on a busy machine a quarter of it is seen, or more.
    exact = backend == "docker" or (backend == "bubblewrap" and has_cgroups())
    assert (1.95 if exact else 0.5) < used < 2.6
    assert box.run("sleep 0.1", LIMITS).cpu_seconds < 0.05
    box.start()
    assert box.run("sleep 0.1", LIMITS).cpu_seconds < 0.05


CHAIN = """
[ $1 -lt 1050 ] && { sh chain.sh $(($1 + 1)); exit; }
echo $1
while :; do :; done
"""


@pytest.mark.slow
def test_a_long_chain_of_processes_is_counted_and_ended(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    """Longer than Python's stack is deep."""
    box = open_box(sealed, replace(AGENT, pids=1200, memory_mb=2048))
    box.write("chain.sh", CHAIN.encode())
    result = box.run("sh chain.sh 0", Limits(cpu_seconds=5, wall_seconds=120))
    assert (result.text[:5], result.timeout) == ("1050\n", "cpu"), result.text
    assert result.cpu_seconds >= 5
    box.start()
    assert box.run("echo alive", LIMITS).text == "alive\n"


@pytest.mark.parametrize("when", ["1970-01-02", "2106-02-07", "now"])
def test_the_time_of_a_file_decides_nothing(sealed: str, make_env: Callable[..., ChallengeEnv], when: str) -> None:
    env = make_env("line", sealed)
    env.reset(seed=0)
    env.step(f"python train.py && find . -exec touch -d {when} {{}} + && validate")
    env.step(f"sed -i 's/KEEP = 1/KEEP = 3/' train.py; touch -d {when} train.py")
    first, second = env.step(f"python train.py && touch -d {when} predictions.csv . && validate")[4]["scores"]
    assert second < first / 3
    env.reset(seed=0)
    assert "KEEP = 1" in env.step("ls; cat train.py")[0]
