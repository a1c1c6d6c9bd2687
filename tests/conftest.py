"""Tests share a cache folder of their own: what sandboxes run on is built once, and nobody's cache is touched.

They also press Ctrl-C on programs. Those must hear it even if the tests were started in the background of a
shell, whose jobs ignore it, and all that they start.
"""

from __future__ import annotations

import os
import signal
import tempfile

os.environ.setdefault("SYNTHGYM_CACHE", os.path.join(tempfile.gettempdir(), f"synthgym-tests-{os.geteuid()}"))

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
