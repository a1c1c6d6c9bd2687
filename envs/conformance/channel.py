"""Programs inside that call the host."""

from __future__ import annotations

import time

from synthgym.base.errors import GraderError, SandboxError
from synthgym.envs.conformance.checks import LIMITS, check
from synthgym.envs.conformance.expectations import between, equal, raises
from synthgym.envs.sandboxes.base import Limits, Reply, Sandbox


@check()
def the_channel_answers_programs_inside(box: Sandbox) -> None:
    asked = []

    def answer(request: bytes) -> Reply:
        asked.append((request, box.read("file", 100)))
        return Reply(b"7\nsaid")

    box.channel(answer)
    result = box.run("echo one > file; validate; echo $?; echo two > file; submit && echo no", LIMITS)
    equal(result.text, "said\n7\nsaid\n")
    equal(asked, [(b"validate", b"one\n"), (b"submit", b"two\n")])


@check()
def a_reply_can_end_the_command(box: Sandbox) -> None:
    box.channel(lambda request: Reply(stop=True))
    result = box.run("(sleep 0.3; touch late) & echo before; submit; echo after; touch after", LIMITS)
    equal((result.text, result.aborted, result.shell), ("before\n", True, "killed"))
    time.sleep(0.5)
    equal(box.run("ls", LIMITS).text, "")


@check()
def the_hosts_own_time_is_not_the_commands(box: Sandbox) -> None:
    def slow(request: bytes) -> Reply:
        time.sleep(1)
        return Reply(b"0\ndone")

    box.channel(slow)
    result = box.run("validate", Limits(cpu_seconds=5, wall_seconds=0.9))
    equal((result.text, result.timeout), ("done\n", None))
    between(0, result.elapsed, 0.9, "seconds, without the host's own")


@check()
def an_error_of_the_handler_comes_through_and_ends_the_sandbox(box: Sandbox) -> None:
    def fail(request: bytes) -> Reply:
        raise GraderError("scorer broke")

    box.channel(fail)
    with raises(GraderError, "scorer broke"):
        box.run("validate", LIMITS)
    with raises(SandboxError, "not running"):
        box.run("true", LIMITS)
    box.start()
    equal(box.run("echo again", LIMITS).text, "again\n")
