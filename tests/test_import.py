"""What `import synthgym` does, and what it must not do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from challenges import write_table

from synthgym.registry.collections.collection import Collection

HEAVY = ["torch", "transformers", "datasets", "openai", "docker", "ray", "pandas", "sklearn", "scipy", "matplotlib"]
HEAVY += ["huggingface_hub", "tenacity"]


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = Collection.create(tmp_path / "mine", namespace="mine", title="My challenges").path
    write_table(path, "line")
    return path


def test_import_is_light_and_registers(folder: Path) -> None:
    run = python(
        "import sys, synthgym, gymnasium\n"
        f"print([m for m in {HEAVY} if m in sys.modules], 'mine/line-v0' in gymnasium.registry)",
        SYNTHGYM_COLLECTIONS=str(folder),
    )
    assert run.stderr == ""
    assert run.stdout == "[] True\n"


def test_every_public_name_is_there() -> None:
    run = python(
        "import synthgym\n"
        "assert set(synthgym.__all__) <= set(dir(synthgym))\n"
        "for name in synthgym.__all__: assert getattr(synthgym, name).__name__.split('.')[-1] == name, name\n"
        "print(synthgym.__version__.count('.'), hasattr(synthgym, 'nothing'))\n"
    )
    assert run.stderr == ""
    assert run.stdout == "2 False\n"


def test_errors_are_a_module() -> None:
    run = python(
        "from synthgym.errors import UserError\n"
        "import synthgym, synthgym.errors, synthgym.base.errors as base\n"
        "assert synthgym.errors.UserError is base.UserError is UserError\n"
        "classes = [each for each in vars(base).values() if isinstance(each, type)]\n"
        "known = {each.__name__ for each in classes if issubclass(each, Exception)}\n"
        "print(known ^ set(synthgym.errors.__all__))\n"
    )
    assert (run.stderr, run.stdout) == ("", "set()\n")


def test_register_gives_the_ids(folder: Path) -> None:
    run = python(
        "import synthgym, gymnasium\n"
        f"ids = synthgym.register({str(folder)!r})\n"
        "print(ids, gymnasium.spec(ids[0]).kwargs['challenge'])\n"
        "try: synthgym.register('/nowhere')\n"
        "except synthgym.errors.SpecError as error: print(error)\n"
    )
    assert run.stderr == ""
    assert run.stdout == (
        "['mine/line-v0'] line\n"
        "/nowhere: no such folder or pack; a collection is a folder with a collection.yaml, or a pack of one\n"
    )


def test_import_survives_a_broken_collection(tmp_path: Path) -> None:
    (tmp_path / "collection.yaml").write_text("namespace: a b\ntitle: x\n")
    run = python("import synthgym; print('fine')", SYNTHGYM_COLLECTIONS=str(tmp_path))
    assert run.stdout == "fine\n"
    assert f"SYNTHGYM_COLLECTIONS: collection left out: {tmp_path / 'collection.yaml'}: field 'namespace'" in run.stderr
