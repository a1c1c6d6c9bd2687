"""Entry points of installed packages: found by name, imported when asked for, and what is wrong with one is told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from synthgym.base.errors import UnknownNameError, UserError
from synthgym.base.plugins import load_plugin, plugin_names

GROUP = "synthgym.tests"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two installed packages, as importlib.metadata sees them."""
    for name, entries in {
        "one": "good = plugged_in:VALUE\nboth = plugged_in\nnowhere = plugged_out\nlacking = plugged_in:ELSE\n",
        "two": "both = plugged_in:VALUE\n",
    }.items():
        installed = tmp_path / f"{name}-1.dist-info"
        installed.mkdir()
        (installed / "METADATA").write_text(f"Name: {name}\nVersion: 1\n")
        (installed / "entry_points.txt").write_text(f"[{GROUP}]\n{entries}")
    (tmp_path / "plugged_in.py").write_text("VALUE = 5\n")
    monkeypatch.delitem(sys.modules, "plugged_in", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_what_is_there_is_found_and_imported_late(site: Path) -> None:
    assert plugin_names(GROUP) == ["both", "good", "lacking", "nowhere"]
    assert "plugged_in" not in sys.modules
    assert load_plugin(GROUP, "good", "thing") == 5


def test_a_package_that_comes_later_is_found_too(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path != str(site)])
    assert plugin_names(GROUP) == []
    monkeypatch.syspath_prepend(str(site))
    assert "good" in plugin_names(GROUP)
    installed = site / "three-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Name: three\nVersion: 1\n")
    (installed / "entry_points.txt").write_text(f"[{GROUP}]\nlater = plugged_in\n")
    assert "later" in plugin_names(GROUP)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("god", r"unknown thing 'god'; did you mean 'good'\? \(entry points of the group synthgym.tests\)"),
        ("both", "thing 'both': several installed packages have one: plugged_in, plugged_in:VALUE"),
        (
            "nowhere",
            "thing 'nowhere': cannot be imported: plugged_out: ModuleNotFoundError: No module named 'plugged_out'",
        ),
        ("lacking", "thing 'lacking': cannot be imported: plugged_in:ELSE: .*ELSE"),
    ],
)
def test_what_is_wrong_is_told(site: Path, name: str, expected: str) -> None:
    with pytest.raises(UnknownNameError if name == "god" else UserError, match=expected):
        load_plugin(GROUP, name, "thing")
