"""Prints the table of `bench.py` where pytest is asked for it; see `make bench`."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = str(Path(__file__).parent)


@pytest.mark.timeout(3000)
def test_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(HERE)
    import bench

    bench.main()
