"""The report in a real browser: nothing is fetched, nothing runs that an agent wrote, and there is something to see."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from test_report import GAINS, HOSTILE, records, trajectory

from synthgym.train.report import render
from synthgym.train.scores import Benchmark

BROWSER = next(
    (path for name in ("chromium", "google-chrome", "chromium-browser") if (path := shutil.which(name))), None
)


def browse(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Opens the folder's report without a network."""
    assert BROWSER
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    options += ["--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--window-size=1200,2400"]
    return subprocess.run(
        [BROWSER, *options, *arguments, (folder / "report.html").as_uri()], capture_output=True, text=True, timeout=120
    )


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
def test_a_browser_shows_it(tmp_path: Path) -> None:
    import matplotlib.image

    page = render(Benchmark(Path(), records()), [trajectory(HOSTILE)])
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    shown = browse(tmp_path, "--dump-dom", f"--screenshot={tmp_path / 'page.png'}")
    assert shown.returncode == 0, shown.stderr
    assert "CONSOLE" not in shown.stderr
    for solver in GAINS:
        assert solver in shown.stdout
    assert "<script" not in shown.stdout
    pixels = matplotlib.image.imread(tmp_path / "page.png")
    assert pixels.shape[:2] == (2400, 1200)
    assert pixels[..., :3].std() > 0.05
