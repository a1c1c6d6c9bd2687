"""Tests share a cache folder of their own: what sandboxes run on is built once, and nobody's cache is touched."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("SYNTHGYM_CACHE", os.path.join(tempfile.gettempdir(), f"synthgym-tests-{os.geteuid()}"))
