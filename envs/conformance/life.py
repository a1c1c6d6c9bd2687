"""Starting, closing, and use by several threads and processes."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from synthgym.base.errors import SandboxError
from synthgym.envs.conformance.checks import LIMITS, Opener, check, opening
from synthgym.envs.conformance.expectations import between, equal, raises
from synthgym.envs.sandboxes.base import Sandbox


@check()
def it_starts_and_runs_a_command(box: Sandbox) -> None:
    equal(box.run("echo alive", LIMITS).text, "alive\n")


@check()
def a_new_start_is_a_reset(box: Sandbox) -> None:
    box.run("touch a $TMPDIR/b $HOME/c; x=5; sleep 1000 & disown", LIMITS)
    for _ in range(2):
        box.start()
        equal(box.run("ls -A . $TMPDIR/b $HOME/c 2>/dev/null; echo $x; jobs", LIMITS).text.split(), [".:"])


@opening()
def environment_variables_and_mounts(open_box: Opener) -> None:
    shown_folder = open_box.folder()
    (shown_folder / "file").write_text("shown")
    box = open_box(mounts={"/opt/source": shown_folder}, env={"SOURCE": "/opt/source", "SEED": "3"})
    equal(box.run('echo $SEED; cat "$SOURCE/file"', LIMITS).text, "3\nshown")


@check()
def close_twice_and_start_again(box: Sandbox) -> None:
    box.close()
    box.close()
    for use in (lambda: box.run("true", LIMITS), lambda: box.read("x", 1), lambda: box.write("x", b"")):
        with raises(SandboxError, "not running"):
            use()
    box.start()
    equal(box.run("echo alive", LIMITS).text, "alive\n")


@check()
def close_from_another_thread_ends_a_running_command(box: Sandbox) -> None:
    timer = threading.Timer(0.3, box.close)
    timer.start()
    started = time.monotonic()
    with raises(SandboxError):
        box.run("sleep 30", LIMITS)
    timer.join()
    between(0, time.monotonic() - started, 15, "seconds until the command was ended")
    box.close()


@check()
def threads_take_turns(box: Sandbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda i: box.run(f"x={i}; sleep 0.01; echo $x", LIMITS).text, range(40)))
    equal(results, [f"{i}\n" for i in range(40)])


@opening()
def many_at_once_are_apart(open_box: Opener) -> None:
    def use(number: int) -> str:
        box = open_box()
        box.run(f"echo {number} > token", LIMITS)
        box.start()
        box.run(f"echo {number} > token; export N={number}", LIMITS)
        return box.run("cat token; echo $N; ls | wc -l", LIMITS).text

    with ThreadPoolExecutor(6) as pool:
        equal(list(pool.map(use, range(12))), [f"{n}\n{n}\n1\n" for n in range(12)])


@check()
def two_starts_at_the_same_time(box: Sandbox) -> None:
    def start(_: int) -> None:
        with contextlib.suppress(SandboxError):  # ended by another's start
            box.start()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, range(4)))
    box.start()
    equal(box.run("echo one", LIMITS).text, "one\n")


@check()
def a_sandbox_outlives_the_thread_that_started_it(box: Sandbox) -> None:
    thread = threading.Thread(target=box.start)
    thread.start()
    thread.join()
    time.sleep(0.3)
    equal(box.run("echo alive", LIMITS).text, "alive\n")


@check()
def a_forked_process_leaves_its_parents_sandboxes_alone(box: Sandbox) -> None:
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(SandboxError):
            box.run("touch from-the-child", LIMITS)
        box.close()
        os._exit(0)
    os.waitpid(pid, 0)
    equal(box.run("ls; echo alive", LIMITS).text, "alive\n")
