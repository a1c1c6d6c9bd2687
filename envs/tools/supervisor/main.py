"""The supervisor itself: takes the host's frames one after the other, and runs one command at a time."""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found]
import errno
import os
import select
import sys
import time

from . import files, network, system
from .channel import Channel
from .frames import Host, HostGone
from .output import Output
from .processes import STATE, Processes, stat_fields
from .shell import Shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

POLL_FIRST, POLL_MOST = 0.02, 0.25  # seconds between looks at the CPU clock, growing
CORES = os.cpu_count() or 1
LAST_WORDS = 1.0  # seconds for programs that the shell wrote to, once it has ended
SIGKILL = 9
SIGUSR1 = 10
SIGCONT = 18


class Abort(Exception):
    """The host asked to end the running command."""


class Supervisor:
    """One persistent shell, its processes, and the link to the host."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.host = Host()
        system.close_to_others()
        self.processes = Processes(settings["pids"], settings["refusals"], settings["clock"])
        if self.processes.init:
            # The kernel keeps from the first process what it has no handler for; Python has one for this.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        else:
            system.adopt_orphans()
            signal.signal(signal.SIGTERM, lambda number, frame: self.shutdown())
        system.set_limits(settings["rlimits"])
        os.umask(0o022)
        self.as_user = files.AsUser(settings["user"])
        self.channel = Channel(settings["channel"], settings["request_bytes"])
        self.shell = Shell(settings, self.processes)
        self.traffic = network.counters() if self.processes.init and settings["network"] else None
        self.env: dict[str, str] = {}
        self.cpu_reported = 0.0
        self.cpu_looked = time.monotonic()
        self.interrupted = False

    def serve(self) -> None:
        """Answers frames until the host is gone."""
        try:
            while True:
                self.wait_for_host(lambda readable: self.channel.refuse_waiting())
                head, length = self.host.receive()
                if head["op"] == "fresh":
                    self.fresh(head["env"], length)
                elif head["op"] == "run":
                    self.run(head, self.host.read(length))
                elif head["op"] == "wipe":
                    self.answer(self.wipe(), "something inside can be neither ended nor removed")
                elif head["op"] != "interrupt":  # which came after the command's own end
                    self.file_operation(head, self.host.read(length))
        except HostGone:
            self.shutdown(orphaned=True)

    def shutdown(self, orphaned: bool = False) -> None:
        """The end. Orphaned: the host's end of the pipe was closed, be it because the host was killed."""
        self.processes.kill_all()
        if orphaned and self.settings["folder"]:
            remove = 'chmod -R u+rwX "$0"; rm -rf "$0"'
            os.waitpid(os.posix_spawn("/bin/sh", ["sh", "-c", remove, self.settings["folder"]], {}), 0)
        os._exit(0)

    def answer(self, good: bool, text: str) -> None:
        if good:
            self.host.send({"op": "ok"})
        else:
            self.host.send({"op": "error", "errno": "EBUSY", "text": text})

    # -- starting over -----------------------------------------------------------------------------------------------

    def fresh(self, env: dict[str, str], length: int) -> None:
        """A clean sandbox with the files of an archive, whose bytes follow."""
        workspace = self.settings["workspace"]
        clean = self.wipe()
        self.cpu_looked = time.monotonic()
        self.cpu_reported = self.processes.cpu_seconds()  # what was used until now is another session's
        fits = True
        with self.as_user:
            os.makedirs(workspace, exist_ok=True)
            if length:
                fits = files.lay_out(workspace, self.host.pieces(length))
        if not clean:
            self.answer(False, "something inside can be neither ended nor removed")
        elif not fits:
            self.host.send({"op": "error", "errno": "ENOSPC", "text": "the workspace's files do not fit"})
        else:
            self.env = {**env, "SYNTHGYM_CHANNEL": self.settings["channel"]}
            self.shell.start(self.env)
            self.host.send({"op": "ready"})

    def wipe(self) -> bool:
        """Ends and removes what a session has left; says whether all of it is gone."""
        ended = self.processes.kill_all()
        self.channel.drop_all()
        if self.processes.init:  # a sandbox of its own, and all of these are its own
            system.remove_shared_memory()
            files.touch_devices()
        unused = self.traffic is None or network.counters() == self.traffic  # what it tells cannot be taken back
        with self.as_user:
            for folder in self.settings["shared"]:
                files.remove_contents(folder)  # what is this user's: others' cannot be removed
            return files.wipe(self.settings["writable"]) and ended and unused

    # -- a command ---------------------------------------------------------------------------------------------------

    def run(self, head: dict[str, Any], command: bytes) -> None:
        """Runs one command and reports what it printed and how it ended."""
        shell, output = self.shell, Output(head["output"], head["raw"])
        verdict: dict[str, Any] = {"code": None, "timeout": None, "shell": "kept", "aborted": False, "ended": 0}
        self.interrupted = False
        self.channel.refuse_waiting()
        shell.drain(output)  # what background jobs printed since the last command
        self.processes.reap()
        cpu_before = self.cpu_reported
        born = time.clock_gettime(time.CLOCK_BOOTTIME)
        shell.give(command)
        try:
            self.follow(head, output, verdict, cpu_before, born)
            if verdict["timeout"]:
                verdict["shell"] = self.give_up(output)
            if verdict["shell"] == "kept" and shell.redirected:
                verdict["shell"] = "redirected"
            if verdict["shell"] in ("kept", "redirected") and shell.broken:
                verdict["shell"] = "broken"
        except Abort:
            self.processes.kill_all()  # before the caller's connection is closed: it must not go on to print that
            verdict.update(aborted=True, shell="killed", code=-9)
        self.channel.drop_all()
        shell.drain(output)
        # The kernel counts in ticks. In less time than one nobody can have used one; that counts with the next look, as
        # does what background jobs use between two commands.
        if (time.monotonic() - self.cpu_looked) * CORES > 1 / self.processes.ticks_a_second:
            self.cpu_looked = time.monotonic()
            self.cpu_reported = max(cpu_before, self.processes.cpu_seconds())
        verdict["cpu"] = self.cpu_reported - cpu_before
        if verdict["shell"] == "kept":
            if ended := self.make_room(born):
                verdict["ended"] += ended
                shell.drain(output)  # the last words of what was ended
        else:
            if verdict["shell"] != "killed":
                self.let_readers_finish(output)
            self.processes.kill_all()
            shell.drain(output)
            shell.start(self.env)
        self.processes.look_anew()
        counts, kept = output.finish()
        verdict.update(op="done", **counts)
        self.host.send(verdict, kept)

    def follow(
        self, head: dict[str, Any], output: Output, verdict: dict[str, Any], cpu_before: float, born: float
    ) -> None:
        """Waits until the command, which began at `born`, has ended, or has to be."""
        shell = self.shell
        started = time.monotonic()
        paused = 0.0  # the host's time, not the command's
        starved = False
        counted = self.processes.clock is not None and (
            self.processes.most is None or self.processes.counter is not None
        )
        used = 0.0
        look, next_look = POLL_FIRST, started + POLL_FIRST
        while verdict["code"] is None and not verdict["timeout"]:
            now = time.monotonic()
            until = now if self.channel.requests else min(next_look, started + paused + head["wall"])
            readable = self.wait(max(0.0, until - now))
            if self.host.incoming in readable:
                self.hear()
            if shell.output in readable:
                shell.drain(output, once=True)
            if shell.status in readable:
                verdict["code"] = shell.take_status()
            paused += self.channel.serve(readable, self.ask_host)
            if self.interrupted:
                verdict["timeout"] = None if verdict["code"] is not None else "interrupt"
                continue
            now = time.monotonic()
            if now < next_look and now - started - paused < head["wall"]:
                continue
            look = min(look * 1.5, POLL_MOST)
            next_look = now + look
            self.processes.reap()
            if not counted or (now - started) * CORES >= head["cpu"]:
                used = self.processes.cpu_seconds() - cpu_before
            starved |= shell.starved
            verdict["ended"] += self.make_room(born)
            if shell.exit_code is not None and verdict["code"] is None:
                verdict.update(code=shell.exit_code, shell="exited")
            elif now - started - paused >= head["wall"]:
                verdict["timeout"] = "wall"
            elif used >= head["cpu"]:
                verdict["timeout"] = "cpu"
            elif stat_fields(shell.pid)[: STATE + 1] == [b"T"]:
                os.kill(shell.pid, SIGCONT)  # it has stopped itself, and nobody else is here to wake it
        if starved and shell.lowered():
            verdict["shell"] = "killed"

    def make_room(self, born: float) -> int:
        """Where no process was left to start, ends what runs beside the command that began at `born`; says how many."""
        missed, self.shell.starved = self.shell.starved, False
        return self.processes.make_room(self.shell.pid, born, missed)

    def let_readers_finish(self, output: Output) -> None:
        """Ends the shell; what it wrote to, such as a `tee`, has then seen all of its input, and a moment to end."""
        shell = self.shell
        if shell.exit_code is None:
            os.kill(shell.pid, SIGKILL)
        ours = os.fstat(shell.output).st_ino
        deadline = time.monotonic() + LAST_WORDS
        while time.monotonic() < deadline:
            self.processes.reap()
            if not self.processes.piped(ours):
                break
            shell.drain(output)
            time.sleep(0.002)

    def wait(self, seconds: float) -> set[int]:
        """Waits for something to read; returns the descriptors that have it."""
        shell = self.shell
        if self.host.came:
            return {self.host.incoming}
        poll = select.poll()
        for fd in (self.host.incoming, *self.channel.descriptors()):
            poll.register(fd, select.POLLIN)
        if shell.status_open:
            poll.register(shell.status, select.POLLIN)
        else:
            # Gone by `exit`, a signal or `exec`. In the last case it lives on: so look often whether it has ended.
            self.processes.reap()
            seconds = 0.0 if shell.exit_code is not None else min(seconds, 0.005)
        if shell.output_open:
            poll.register(shell.output, select.POLLIN)
        return {fd for fd, event in poll.poll(seconds * 1000)}

    def wait_for_host(self, listen: Callable[[set[int]], None]) -> None:
        """Waits until the host says something; `listen` is given which callers have meanwhile sent something."""
        while not self.host.came:
            poll = select.poll()
            for fd in (self.host.incoming, *self.channel.descriptors()):
                poll.register(fd, select.POLLIN)
            readable = {fd for fd, event in poll.poll()}
            if self.host.incoming in readable:
                return
            listen(readable)

    def give_up(self, output: Output) -> str:
        """Ends a command that took too long, and all it started; the shell too if it does not give the command up."""
        shell = self.shell
        code = None
        deadline = time.monotonic() + 1
        if shell.exit_code is None:
            os.kill(shell.pid, SIGUSR1)
        while time.monotonic() < deadline and shell.status_open and code is None:
            self.processes.kill_all(spare=shell.pid, seconds=deadline - time.monotonic())
            self.channel.refuse_waiting()
            readable = self.wait(0.02)
            if shell.output in readable:
                shell.drain(output)
            if shell.status in readable:
                code = shell.take_status()
        return "killed" if code is None else "kept"

    # -- the host, while a command runs ------------------------------------------------------------------------------

    def hear(self) -> tuple[dict[str, Any], bytes]:
        """Takes a frame that the host may send at any time."""
        head, length = self.host.receive()
        body = self.host.read(length)
        if head["op"] == "interrupt":
            self.interrupted = True
        return head, body

    def ask_host(self, request: bytes) -> bytes:
        self.host.send({"op": "channel"}, request)
        while True:
            self.wait_for_host(self.channel.listen)
            head, body = self.hear()
            if head["op"] == "reply":
                return body
            if head["op"] == "abort":
                raise Abort
            if head["op"] != "interrupt":
                self.file_operation(head, body)

    def file_operation(self, head: dict[str, Any], body: bytes) -> None:
        workspace = self.settings["workspace"]
        try:
            with self.as_user:
                if head["op"] == "read":
                    answer, data = {"op": "file"}, files.read(workspace, head["path"], head["max"])
                elif head["op"] == "list":
                    names = files.names(workspace, head["most"])
                    answer, data = {"op": "file"}, "\0".join(names).encode("utf-8", "surrogateescape")
                else:
                    files.write(workspace, head["path"], body)
                    answer, data = {"op": "ok"}, b""
        except OSError as error:
            name = errno.errorcode.get(error.errno or 0, "EIO")
            answer, data = {"op": "error", "errno": name, "text": str(error.strerror)}, b""
        self.host.send(answer, data)


def main() -> None:
    """Runs until the host is gone; the settings are the first argument, a Python literal."""
    Supervisor(eval(sys.argv[1], {"__builtins__": {}})).serve()
