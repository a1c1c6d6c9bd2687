"""Where verifications run: every engine gives values, raises what a job raises, and survives a job that is killed."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from env_fixtures import needs

from synthgym.base.errors import InfrastructureError, UnknownNameError, UserError
from synthgym.synthesis.engines import Engine, open_engine
from synthgym.synthesis.pipeline import synthesize
from synthgym.synthesis.recipe import Recipe, Running


@dataclass(frozen=True)
class Call:
    """A job: calls something of the standard library, which workers can import."""

    function: Any
    arguments: tuple[Any, ...] = ()

    def __call__(self) -> Any:
        return self.function(*self.arguments)


@pytest.fixture(scope="module", params=[("processes", 1), ("processes", 2), ("ray", 2)], ids=str)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    name, jobs = request.param
    if name == "ray":
        pytest.importorskip("ray")
    with open_engine(name, jobs) as opened:
        yield opened


@pytest.mark.slow
def test_threads_get_their_own_values(engine: Engine) -> None:
    from functools import partial

    with ThreadPoolExecutor(5) as threads:
        calls = [threads.submit(engine.call, partial(divmod, number, 3)) for number in range(12)]
    assert [call.result() for call in calls] == [divmod(number, 3) for number in range(12)]


def test_what_a_job_raises_is_raised(engine: Engine) -> None:
    from functools import partial

    with pytest.raises(ZeroDivisionError):
        engine.call(partial(divmod, 1, 0))
    with pytest.raises(UserError, match="expected at least 1"):
        engine.call(partial(synthesize, Recipe(seed=1, namespace="x"), 0, Path("/nowhere")))
    assert engine.call(partial(divmod, 7, 3)) == (2, 1)


def test_a_job_that_is_killed_is_infrastructure(engine: Engine) -> None:
    from functools import partial

    if engine.call(os.getpid) == os.getpid():
        pytest.skip("this one runs jobs in this process")
    with pytest.raises(InfrastructureError):
        engine.call(partial(os._exit, 9))
    assert engine.call(partial(divmod, 7, 3)) == (2, 1)


def test_no_more_at_once_than_there_is_room_for(engine: Engine) -> None:
    import time
    from functools import partial

    started = time.monotonic()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(engine.call, [partial(time.sleep, 0.3)] * 4))
    assert time.monotonic() - started > 0.55
    assert threading.active_count() < 100


def test_unknown_names_suggest_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'ray'"), open_engine("rya", 1):
        pass


@pytest.mark.slow
def test_the_same_challenges_on_ray(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    needs("bubblewrap")
    made = {}
    for name in ("processes", "ray"):
        out = tmp_path / name
        synthesize(Recipe(seed=5, namespace="pipe"), 2, out, Running(engine=name, sandbox="bubblewrap"))
        made[name] = {path.relative_to(out): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    assert made["ray"] == made["processes"]
    assert len(made["ray"]) > 8
