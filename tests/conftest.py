"""Tests share a cache folder of their own: what sandboxes run on is built once, and nobody's cache is touched.

The client of the Hugging Face Hub reads some variables when it is first imported, which is why they are set here: it
gets a cache and no key, and nothing of it reaches the real Hub; see `hub_server`.

Challenges of tests state scores by hand; they are believed, but in the tests of what happens otherwise.

They also press Ctrl-C on programs. Those must hear it even if the tests were started in the background of a
shell, whose jobs ignore it, and all that they start.
"""

from __future__ import annotations

import os
import signal
import tempfile
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
