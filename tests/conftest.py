"""Tests share a cache folder of their own: what sandboxes run on is built once, and nobody's cache is touched.

The client of the Hugging Face Hub reads some variables when it is first imported, which is why they are set here: it
gets a cache and no key, and nothing of it reaches the real Hub; see `hub_server`.

Challenges of tests state scores by hand; they are believed, but in the tests of what happens otherwise.

What takes long runs in `make test-all` only, which leaves nothing out: what is marked `slow`, all cases but so many of
what is marked `sample`, and where bubblewrap works what it does too on the other backends of sandboxes.

They also press Ctrl-C on programs. Those must hear it even if the tests were started in the background of a
shell, whose jobs ignore it, and all that they start.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import tempfile
from collections import defaultdict
from collections.abc import Iterator

import pytest

os.environ.setdefault("SYNTHGYM_CACHE", os.path.join(tempfile.gettempdir(), f"synthgym-tests-{os.geteuid()}"))
os.environ["HF_HOME"] = os.path.join(os.environ["SYNTHGYM_CACHE"], "huggingface")
os.environ["HF_ENDPOINT"] = os.environ["SYNTHGYM_DATASET_VIEWER"] = "http://127.0.0.1:9"  # nobody listens there
os.environ |= {"HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
os.environ["SYNTHGYM_TRUST"] = "all"
for variable in ("HF_TOKEN", "HF_HUB_CACHE", "HF_HUB_OFFLINE"):
    os.environ.pop(variable, None)

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks as slow what `make test` leaves out."""
    sampled: dict[tuple[str, int], list[pytest.Item]] = defaultdict(list)
    bubblewrap = _bubblewrap_works()
    for item in items:
        if bubblewrap and re.search(r"[\[-](docker|swerex)\b", item.name):
            item.add_marker(pytest.mark.slow)
        elif mark := item.get_closest_marker("sample"):
            sampled[item.nodeid.partition("[")[0], mark.args[0]].append(item)
    for (_, count), cases in sampled.items():
        # In an order that has nothing to do with theirs, and is the same everywhere.
        for item in sorted(cases, key=lambda case: hashlib.sha256(case.name.encode()).digest())[count:]:
            item.add_marker(pytest.mark.slow)


def _bubblewrap_works() -> bool:
    from synthgym.envs.sandboxes.bubblewrap.sandbox import unavailable

    return unavailable() is None


@pytest.fixture(scope="module", autouse=True)
def nothing_passed_on() -> Iterator[None]:
    """What the tests of one module register is not known to the commands that those of the next one start."""
    yield
    os.environ.pop("SYNTHGYM_ADDED", None)


@pytest.fixture(autouse=True)
def endpoints_are_new() -> None:
    """A port may be another test's endpoint the next time: nothing is known of it."""
    from synthgym.agents.endpoint.capabilities import learnt_of

    learnt_of.cache_clear()
