"""Where verifications run: in this process, in worker processes, or on a Ray cluster."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from synthgym.base.errors import InfrastructureError, MissingDependencyError, UnknownNameError
from synthgym.base.jobs.pools import Workers

ENGINES = ("processes", "ray")

Value = TypeVar("Value")


class Engine(Protocol):
    """Runs jobs for many threads, no more of them at once than it has room for."""

    def call(self, job: Callable[[], Value]) -> Value:
        """Runs one job, and returns or raises what it does. A job must pickle, and be importable by name.

        Raises:
            InfrastructureError: What it ran on is gone.
        """


class InThisProcess:
    """One job at a time, here."""

    def __init__(self) -> None:
        self._free = threading.Lock()

    def call(self, job: Callable[[], Value]) -> Value:
        """Runs one job; see `Engine`."""
        with self._free:
            return job()


class OnRay:
    """Jobs as tasks of a Ray cluster: the one that `RAY_ADDRESS` names, else one started here.

    Its machines must share the file system with this one: a job is given folders.
    """

    def __init__(self, jobs: int) -> None:
        try:
            import ray
        except ImportError:
            raise MissingDependencyError(
                "engine 'ray': the package 'ray' is not installed; install it with: pip install 'synthgym[ray]'"
            ) from None
        self._ray = ray
        self._room = threading.Semaphore(jobs)
        self._started = not ray.is_initialized()
        if self._started:
            ray.init(include_dashboard=False, log_to_driver=False, configure_logging=False)
        self._task: Any = ray.remote(max_retries=0)(run_job)

    def call(self, job: Callable[[], Value]) -> Value:
        """Runs one job; see `Engine`."""
        with self._room:
            try:
                value: Value = self._ray.get(self._task.remote(job))
            except self._ray.exceptions.RayTaskError as error:
                raise error.cause from error
            except self._ray.exceptions.RayError as error:
                raise InfrastructureError(f"ray: {error}") from error
        return value

    def close(self) -> None:
        """Ends the cluster, if it was started here."""
        if self._started:
            self._ray.shutdown()


def run_job(job: Callable[[], Value]) -> Value:
    """What workers do."""
    return job()


@contextmanager
def open_engine(name: str, jobs: int) -> Iterator[Engine]:
    """An engine by name, with room for so many jobs.

    Raises:
        UnknownNameError: There is none of that name.
        MissingDependencyError: It is not installed.
    """
    if name not in ENGINES:
        raise UnknownNameError("engine", name, ENGINES)
    if name == "ray":
        cluster = OnRay(jobs)
        try:
            yield cluster
        finally:
            cluster.close()
    elif jobs == 1:
        yield InThisProcess()
    else:
        workers: Workers[Any, Any] = Workers(run_job, jobs)
        with workers:
            yield workers
