from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from synthgym.base.errors import UserError
from synthgym.base.files.locks import file_lock
from synthgym.base.files.paths import build_once, cache_dir, remove_tree, sweep


def test_cache_dir_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHGYM_CACHE", str(tmp_path / "cache"))
    old = os.umask(0o077)
    try:
        folder = cache_dir("prepared", "sets")
    finally:
        os.umask(old)
    assert folder == tmp_path / "cache" / "prepared" / "sets"
    for place in (folder, folder.parent, folder.parent.parent):
        assert place.stat().st_mode & 0o777 == 0o755  # another uid must be able to enter


def test_cache_dir_of_root_is_the_sites() -> None:
    code = "import platformdirs\nfrom synthgym.base.files.paths import cache_dir\nprint(cache_dir())"
    environment = {k: v for k, v in os.environ.items() if k != "SYNTHGYM_CACHE"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    expected = "/var/cache/synthgym" if os.geteuid() == 0 else "/synthgym"
    assert run.stdout.strip().endswith(expected)


def test_cache_dir_that_cannot_be_made_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SYNTHGYM_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(UserError, match="SYNTHGYM_CACHE"):
        cache_dir()


def test_build_once_builds_once_for_many_askers(tmp_path: Path) -> None:
    built = []

    def build(folder: Path) -> None:
        built.append(folder)
        time.sleep(0.05)
        (folder / "data").write_text("whole")

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: build_once(tmp_path / "set", build), range(8)))
    assert len(built) == 1
    assert {r / "data" for r in results} == {tmp_path / "set" / "data"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["set"]


def test_build_that_raises_leaves_nothing(tmp_path: Path) -> None:
    def build(folder: Path) -> None:
        (folder / "half").write_text("")
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        build_once(tmp_path / "set", build)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_builder_left_is_swept_and_a_live_one_kept(tmp_path: Path) -> None:
    code = """
import sys, time
from pathlib import Path
from synthgym.base.files.paths import build_once
def build(folder):
    (folder / "half").write_text("")
    print("building", flush=True)
    time.sleep(60)
build_once(Path(sys.argv[1]), build)
"""
    command = [sys.executable, "-c", code]
    with (
        subprocess.Popen([*command, str(tmp_path / "a")], stdout=subprocess.PIPE) as dead,
        subprocess.Popen([*command, str(tmp_path / "b")], stdout=subprocess.PIPE) as alive,
    ):
        for process in (dead, alive):
            assert process.stdout is not None
            assert process.stdout.readline() == b"building\n"
        os.kill(dead.pid, signal.SIGKILL)
        dead.wait()
        sweep(tmp_path)
        left = [p.name.split(".")[1] for p in tmp_path.glob("*.building")]
        build_once(tmp_path / "a", lambda folder: None)  # the dead builder's lock is free
        alive.kill()
    assert left == ["b"]
    build_once(tmp_path / "c", lambda folder: None)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "c"]


def test_remove_tree_opens_closed_folders_and_follows_no_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "keep").write_text("")
    tree = tmp_path / "tree"
    (tree / "closed" / "deeper").mkdir(parents=True)
    (tree / "closed" / "deeper" / "file").write_text("")
    (tree / "link").symlink_to(outside)
    (tree / "closed" / "deeper").chmod(0)
    (tree / "closed").chmod(0o500)
    remove_tree(tree)
    remove_tree(tree)
    assert not tree.exists()
    assert (outside / "keep").exists()


def test_file_lock_shuts_out_others_and_removes_its_file(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with file_lock(path) as held:
        assert held
        with file_lock(path, wait=False) as second:
            assert not second
    with file_lock(path, wait=False) as held:
        assert held
    assert not path.exists()


def test_file_lock_serialises_threads(tmp_path: Path) -> None:
    inside = 0
    most = 0

    def work(_: int) -> None:
        nonlocal inside, most
        with file_lock(tmp_path / "lock"):
            inside += 1
            most = max(most, inside)
            time.sleep(0.001)
            inside -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(200)))
    assert most == 1
