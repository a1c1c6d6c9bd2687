"""synthgym: synthesised machine-learning challenges as Gymnasium environments."""

from __future__ import annotations
