"""The engine transformers: its chat completions, in a server that needs no GPU and little memory.

It answers one request after the other, with a fixed number of threads: an answer without sampling does not depend on
what else is asked, as it does where requests are batched as they come, and a seed gives the same answer again.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from synthgym.base.errors import MissingDependencyError
from synthgym.train.extras import needs_train
from synthgym.train.models.source import ModelSource
from synthgym.train.serving.process import Launch
from synthgym.train.serving.settings import Serving

PROGRAM = "synthgym.train.serving.transformers_app"
APP_KEY_VARIABLE = "SYNTHGYM_SERVER_KEY"
"""Environment variable in which the server is given the key that it asks for."""


def launch(model: ModelSource, settings: Serving, port: int, names: list[str], key: str, scratch: Path) -> Launch:
    """How the server is started for a model."""
    needs_serving()
    threads = str(settings.threads or 1)
    # Where the library looks for a model of the Hub, it must find an empty folder, and a plain name.
    (scratch / "hub").mkdir()
    (scratch / "model").symlink_to(model.folder, target_is_directory=True)
    command = [sys.executable, "-m", PROGRAM, str(scratch), *names, "--port", str(port), "--device", settings.device]
    command += ["--dtype", settings.dtype]
    command += ["--context", str(settings.context)] if settings.context else []
    variables = {
        APP_KEY_VARIABLE: key,
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_CACHE": str(scratch / "hub"),
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "TOKENIZERS_PARALLELISM": "false",
    }
    return Launch(command, port, variables)


def needs_serving() -> None:
    """Checks that what this engine needs is installed.

    Raises:
        MissingDependencyError: It is not.
    """
    needs_train()
    missing = [package for package in ("fastapi", "uvicorn") if find_spec(package) is None]
    if missing:
        raise MissingDependencyError(
            f"serving needs {', '.join(missing)}, not installed here; get them with: pip install 'synthgym[train]'"
        )
